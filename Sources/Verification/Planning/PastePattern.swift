import CSource

/// A name that a macro makes with `##`: `pt_iommu_##fmt##_init` is every `pt_iommu_…_init`.
struct PastePattern: Hashable {
  /// The fixed parts; between two of them, and wherever one is nil, stands a parameter.
  private let parts: [String?]

  /// The patterns in a macro's body that say enough of a name to tell it from others. One that only puts an underscore
  /// between two parameters does not: what it makes shows where it is used.
  static func all(in item: Outline.Item) -> [PastePattern] {
    guard item.kind == .macro else { return [] }
    let tokens = item.text.split(separator: " ")
    let parameters = parameters(tokens)
    var patterns: [PastePattern] = []
    var parts: [String?] = []
    for (index, token) in tokens.enumerated() where token == "##" && index > 0 && index + 1 < tokens.count {
      if parts.isEmpty { parts.append(part(tokens[index - 1], parameters)) }
      parts.append(part(tokens[index + 1], parameters))
      if index + 2 >= tokens.count || tokens[index + 2] != "##" {
        if parts.reduce(0, { $0 + ($1?.count ?? 0) }) >= specific { patterns.append(PastePattern(parts: parts)) }
        parts = []
      }
    }
    return patterns
  }

  /// How many fixed characters say enough.
  private static let specific = 3

  private static func part(_ token: Substring, _ parameters: Set<Substring>) -> String? {
    parameters.contains(token) ? nil : String(token)
  }

  /// The parameters of `define NAME( a , b ) …`.
  private static func parameters(_ tokens: [Substring]) -> Set<Substring> {
    guard tokens.count > 2, tokens[1].hasSuffix("(") else { return [] }
    return Set(tokens[2...].prefix { $0 != ")" }.filter { $0 != "," })
  }

  /// Whether the macro can make the name. A parameter may be empty.
  func matches(_ name: String) -> Bool { Self.matches(parts[...], name[...]) }

  private static func matches(_ parts: ArraySlice<String?>, _ name: Substring) -> Bool {
    guard let first = parts.first else { return name.isEmpty }
    let rest = parts.dropFirst()
    guard let part = first else {
      return name.indices.contains { matches(rest, name[$0...]) } || matches(rest, name[name.endIndex...])
    }
    return name.hasPrefix(part) && matches(rest, name.dropFirst(part.count))
  }

  /// The names it makes where every parameter is one of `arguments`.
  func names(with arguments: Set<String>) -> Set<String> {
    var names: Set<String> = [""]
    for part in parts {
      let choices = part.map { [$0] } ?? Array(arguments)
      guard names.count * choices.count <= Self.limit else { return [] }
      names = Set(names.flatMap { name in choices.map { name + $0 } })
    }
    return names
  }

  /// Names that one pattern may make; no macro of the kernel comes near it.
  private static let limit = 1000
}

/// Names that a file makes out of its words with `##`, here or in a macro it uses.
enum PastedName {
  /// What to look for to find the files that may form `name`: any two or three words that make it up have one among
  /// them that is at least a third of it. The fixed part of a macro may be shorter, and ends at an underscore.
  static func pieces(of name: String) -> Set<String> {
    let characters = Array(name.utf8)
    let shortest = max(3, (characters.count + 2) / 3)
    var pieces: Set<String> = []
    guard characters.count > shortest else { return [] }
    for start in 0..<characters.count {
      for end in stride(from: start + shortest, through: characters.count, by: 1) where end - start < characters.count {
        pieces.insert(String(decoding: characters[start..<end], as: UTF8.self))
      }
    }
    for (index, character) in characters.enumerated() where character == UInt8(ascii: "_") {
      if index >= 2 { pieces.insert(String(decoding: characters[...index], as: UTF8.self)) }
      if characters.count - index >= 3 { pieces.insert(String(decoding: characters[index...], as: UTF8.self)) }
    }
    return pieces
  }

  /// Whether two or three of `words`, one after the other, are `name`. One of them may be the underscore that macros put
  /// between others.
  static func isMade(_ name: String, of words: Set<String>) -> Bool {
    func splits(_ text: Substring, into count: Int) -> Bool {
      if count == 1 { return text == "_" || words.contains(String(text)) }
      return text.indices.dropFirst().contains { middle in
        (text[..<middle] == "_" || words.contains(String(text[..<middle]))) && splits(text[middle...], into: count - 1)
      }
    }
    return splits(name[...], into: 2) || splits(name[...], into: 3)
  }
}
