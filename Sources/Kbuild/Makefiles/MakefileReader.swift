/// Reads the lines of one makefile.
struct MakefileReader {
  let folder: String
  var includes: [MakefilePath] = []
  var entries: [Makefile.Entry] = []
  var strangers: [MakefilePath] = []
  private var variables: [String: String] = [:]
  /// The symbols of each conditional around the current line.
  private var conditions: [[String]] = []

  init(folder: String) {
    self.folder = folder
  }

  /// The lines of a makefile without comments. A line that ends in a backslash is joined with the next.
  static func logicalLines(_ text: [UInt8]) -> [String] {
    var lines: [String] = []
    var current: [UInt8] = []
    for var line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let continues = line.last == UInt8(ascii: "\\")
      if continues { line.removeLast() }
      current.append(contentsOf: line)
      if continues {
        current.append(UInt8(ascii: " "))
      } else {
        let code = current.prefix { $0 != UInt8(ascii: "#") }
        if !code.isEmpty { lines.append(String(decoding: code, as: UTF8.self)) }
        current.removeAll(keepingCapacity: true)
      }
    }
    return lines
  }

  mutating func read(_ line: String) {
    let words = Self.words(line)
    guard let first = words.first else { return }
    switch first {
    case "include", "-include", "sinclude": includes += words.dropFirst().map { resolve($0) }
    case "ifdef", "ifndef", "ifeq", "ifneq": conditions.append(Self.condition(first, line))
    case "else":
      if let last = conditions.popLast() { conditions.append(Self.negated(last)) }
    case "endif": _ = conditions.popLast()
    case "vpath": strangers += words.dropFirst(2).flatMap { $0.split(separator: ":") }.map { resolve($0 + "/%") }
    default:
      if let (name, values) = Self.assignment(line) {
        assign(name, values)
      } else {
        note(strangersIn: words)
      }
    }
  }

  // MARK: Assignments

  private mutating func assign(_ name: Substring, _ values: [Substring]) {
    note(strangersIn: values)
    if !name.contains("$") {
      // Only a single word can be part of a path.
      variables[String(name)] = values.count == 1 ? String(values[0]) : nil
    }
    guard let list = Self.list(name) else { return }
    let symbols = conditions.flatMap { $0 } + list.symbols
    for value in values {
      var path: MakefilePath
      if value.hasSuffix(".o") {
        path = resolve(value.dropLast(2))
      } else if value.hasSuffix("/"), list.owner == nil {
        path = resolve(value)
        path.path += "/"
      } else {
        continue
      }
      entries.append(Makefile.Entry(name: path, owner: list.owner, symbols: symbols))
    }
  }

  /// The composite object that a list such as `obj-$(CONFIG_X)` or `iommufd-y` belongs to, and the symbols in its name;
  /// nil for any other variable.
  private static func list(_ name: Substring) -> (owner: String?, symbols: [String])? {
    let symbols = self.symbols(in: name)
    var stem: Substring
    if let dollar = name.firstIndex(of: "$") {
      stem = name[..<dollar]
      guard stem.last == "-" else { return nil }
      stem = stem.dropLast()
    } else if let suffix = ["-y", "-m", "-objs"].first(where: name.hasSuffix) {
      stem = name.dropLast(suffix.count)
    } else {
      return nil
    }
    let isTop = ["obj", "lib", "extra", "always", "subdir"].contains(stem)
    return (isTop ? nil : String(stem), symbols)
  }

  private static func assignment(_ line: String) -> (name: Substring, values: [Substring])? {
    guard !line.hasPrefix("\t"), let equals = line.firstIndex(of: "=") else { return nil }
    var name = line[..<equals]
    while let last = name.last, "+:? ".contains(last) || last == "\t" { name.removeLast() }
    name = name.drop { $0 == " " || $0 == "\t" }
    for prefix in ["override ", "export "] where name.hasPrefix(prefix) { name = name.dropFirst(prefix.count) }
    guard !name.isEmpty, !name.contains(where: { $0 == " " || $0 == "\t" }) || name.hasPrefix("$(") else { return nil }
    return (name, words(line[line.index(after: equals)...]))
  }

  // MARK: Conditions

  private static func condition(_ keyword: Substring, _ line: String) -> [String] {
    let symbols = self.symbols(in: line[...])
    let isEmpty = line.hasSuffix(",)") || line.hasSuffix(",n)")
    let isNegative = keyword == "ifndef" || (keyword == "ifeq" && isEmpty) || (keyword == "ifneq" && !isEmpty)
    return isNegative ? negated(symbols) : symbols
  }

  private static func negated(_ symbols: [String]) -> [String] {
    symbols.map { $0.hasPrefix("!") ? String($0.dropFirst()) : "!" + $0 }
  }

  private static func symbols(in text: Substring) -> [String] {
    text.ranges(of: "CONFIG_").map { range in
      String(text[range.lowerBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }
  }

  // MARK: Paths

  /// Records the words that name objects or sources of other folders.
  private mutating func note(strangersIn words: some Sequence<Substring>) {
    for word in words where word.hasSuffix(".o") || word.hasSuffix(".c") || word.hasSuffix(".S") {
      guard word.contains("/"), word.contains("$") || word.contains("..") else { continue }
      let path = resolve(word.dropLast(2))
      if path.isWhole, let slash = path.path.lastIndex(of: "/"), path.path[..<slash] == folder { continue }
      if path.path.isEmpty || path.path == "%" { continue }
      strangers.append(path)
    }
  }

  /// A word as a path, with the variables expanded that the makefile or Kbuild sets.
  func resolve(_ word: some StringProtocol) -> MakefilePath {
    var rest = Substring(word)
    var path = ""
    var isWhole = true
    var fromTop = false
    // One variable may expand to another. The limit stops one that expands to itself.
    var replacements = 0
    while let dollar = rest.firstIndex(of: "$") {
      path += rest[..<dollar]
      rest = rest[dollar...].dropFirst()
      guard let (name, after) = Self.variable(rest) else { continue }
      rest = after
      switch name {
      case "srctree", "srcroot", "objtree", "abs_srctree", "abs_objtree": (path, fromTop) = ("", true)
      case "src", "obj": (path, fromTop) = (folder, true)
      default:
        replacements += 1
        if let value = variables[name], replacements < 8 {
          rest = value + rest
        } else {
          (path, isWhole) = ("", false)
        }
      }
    }
    path += rest
    // The rest of a function call.
    if let end = path.lastIndex(of: ")") { (path, isWhole) = (String(path[path.index(after: end)...]), false) }
    if isWhole, !fromTop, !path.hasPrefix("/") { path = folder + "/" + path }
    path = TreePaths.normalized(path.drop { $0 == "/" })
    while path.hasPrefix("../") { (path, isWhole) = (String(path.dropFirst(3)), false) }
    return MakefilePath(path: path, isWhole: isWhole)
  }

  /// The variable at the start of `text`, which follows a "$", and the rest; nil for a "$" at the end.
  private static func variable(_ text: Substring) -> (name: String, rest: Substring)? {
    guard let first = text.first else { return nil }
    guard first == "(" || first == "{" else { return (String(first), text.dropFirst()) }
    var depth = 0
    for index in text.indices {
      if text[index] == "(" || text[index] == "{" { depth += 1 }
      if text[index] == ")" || text[index] == "}" { depth -= 1 }
      if depth == 0 {
        let name = text[text.index(after: text.startIndex)..<index]
        return (String(name), text[text.index(after: index)...])
      }
    }
    return (String(text), "")
  }

  /// The words of a line. A variable reference or function call is one word.
  static func words(_ line: some StringProtocol) -> [Substring] {
    var words: [Substring] = []
    let line = Substring(line)
    var start: Substring.Index?
    var depth = 0
    for index in line.utf8.indices {
      let byte = line.utf8[index]
      let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "}") { depth -= 1 }
      if isBlank && depth <= 0 {
        if let start { words.append(line[start..<index]) }
        start = nil
      } else if start == nil {
        start = index
      }
    }
    if let start { words.append(line[start...]) }
    return words
  }
}
