import CSource

/// The names that a macro forms with `##`: `pt_iommu_##fmt##_init` stands for every `pt_iommu_…_init`.
struct PastePattern: Hashable {
  /// The parts in order: fixed text, or nil for a parameter.
  private let parts: [String?]

  /// The patterns in a macro's body with enough fixed text to tell names apart. One that only puts an underscore
  /// between two parameters has too little; the names it forms show where it is used.
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

  /// How many fixed characters are enough.
  private static let specific = 3

  private static func part(_ token: Substring, _ parameters: Set<Substring>) -> String? {
    parameters.contains(token) ? nil : String(token)
  }

  /// The parameters of `define NAME( a , b ) …`.
  private static func parameters(_ tokens: [Substring]) -> Set<Substring> {
    guard tokens.count > 2, tokens[1].hasSuffix("(") else { return [] }
    return Set(tokens[2...].prefix { $0 != ")" }.filter { $0 != "," })
  }

  /// Whether the macro can form the name. A parameter may be empty.
  func matches(_ name: String) -> Bool { Self.matches(parts[...], name[...]) }

  private static func matches(_ parts: ArraySlice<String?>, _ name: Substring) -> Bool {
    guard let first = parts.first else { return name.isEmpty }
    let rest = parts.dropFirst()
    guard let part = first else {
      return name.indices.contains { matches(rest, name[$0...]) } || matches(rest, name[name.endIndex...])
    }
    return name.hasPrefix(part) && matches(rest, name.dropFirst(part.count))
  }

  /// The names it forms when every parameter is one of `arguments`; none when they would be too many.
  func names(with arguments: Set<String>) -> Set<String> {
    var names: Set<String> = [""]
    for part in parts {
      let choices = part.map { [$0] } ?? Array(arguments)
      guard names.count * choices.count <= Self.limit else { return [] }
      names = Set(names.flatMap { name in choices.map { name + $0 } })
    }
    return names
  }

  /// The most names that one pattern may form; no macro of the kernel comes near it.
  private static let limit = 1000
}

/// Names that a file forms from its words with `##`, itself or in a macro it uses.
enum PastedName {
  /// What to search for to find the files that may form `name`. Of two or three words that form it, one is at least a
  /// third of its length. The fixed part of a macro may be shorter, and begins or ends with an underscore.
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

  /// Whether two or three of `words`, joined, are `name`. One of them may be the underscore that macros put between
  /// others.
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
