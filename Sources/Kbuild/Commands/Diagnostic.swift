public import Diagnostics

/// One error, warning or note of a compiler or checker.
public struct Diagnostic: Sendable, Hashable, Codable {
  /// The file as a path in the tree; nil when the compiler named none. "<inline asm>" and the like are kept.
  public var file: String?
  /// One-based; nil when the compiler gave none.
  public var line: Int?
  /// One-based, in bytes.
  public var column: Int?
  /// Fatal errors count as errors, remarks as notes.
  public var severity: Finding.Severity
  /// The message, with the warning's flag at its end: "unused variable 'x' [-Wunused-variable]".
  public var message: String
  /// Lines that explain it: where the file is included, the macro it expands from, an earlier declaration.
  public var notes: [String]

  /// Assembles a diagnostic from its parts.
  public init(
    file: String? = nil, line: Int? = nil, column: Int? = nil, severity: Finding.Severity, message: String,
    notes: [String] = []
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.severity = severity
    self.message = message
    self.notes = notes
  }
}

extension Diagnostic {
  /// The errors and warnings in a compiler's output without source lines; each takes the notes that follow it.
  ///
  /// - Parameter shorten: turns a path as the compiler prints it into the path to report.
  static func parse(_ text: String, shorten: (Substring) -> String) -> [Diagnostic] {
    var result: [Diagnostic] = []
    var inclusion: [String] = []
    for line in text.split(separator: "\n") {
      if let place = included(line) {
        inclusion.append("included from \(shortPlace(place, shorten))")
        continue
      }
      guard let parsed = parse(line: line, shorten: shorten) else { continue }
      var (diagnostic, isNote) = parsed
      if isNote {
        guard !result.isEmpty else { continue }
        result[result.count - 1].notes.append(diagnostic.place + "note: " + diagnostic.message)
      } else {
        diagnostic.notes = inclusion
        result.append(diagnostic)
      }
      inclusion = []
    }
    return result
  }

  private var place: String {
    guard let file else { return "" }
    return "\(Place(file, line: line, column: column)): "
  }

  private static let severities: [(mark: String, severity: Finding.Severity)] = [
    ("fatal error: ", .error), ("error: ", .error), ("warning: ", .warning), ("note: ", .note), ("remark: ", .note),
  ]

  private static func parse(line: Substring, shorten: (Substring) -> String) -> (Diagnostic, isNote: Bool)? {
    // The first mark counts; the message after it may quote another.
    let found = severities.compactMap { mark, severity in
      line.ranges(of: mark).first.map { (range: $0, severity: severity) }
    }.min { $0.range.lowerBound < $1.range.lowerBound }
    guard let found else { return nil }
    let message = String(line[found.range.upperBound...])
    var head = line[..<found.range.lowerBound]
    var diagnostic = Diagnostic(severity: found.severity, message: message)
    guard head.isEmpty || head.hasSuffix(": ") else { return nil }
    head = head.dropLast(2)
    var numbers: [Int] = []
    while numbers.count < 2, let colon = head.lastIndex(of: ":"), let number = Int(head[head.index(after: colon)...]) {
      numbers.insert(number, at: 0)
      head = head[..<colon]
    }
    if !numbers.isEmpty {
      diagnostic.file = head.hasPrefix("<") ? String(head) : shorten(head)
      diagnostic.line = numbers[0]
      diagnostic.column = numbers.count > 1 ? numbers[1] : nil
    } else if head.contains(" ") {
      // Prose that happens to hold "error: ".
      return nil
    }
    return (diagnostic, found.severity == .note)
  }

  /// The place in "In file included from PLACE:" and in the "                 from PLACE," of its continuation.
  private static func included(_ line: Substring) -> Substring? {
    guard let start = line.ranges(of: "from ").first?.upperBound,
      line.hasPrefix("In file included from ") || line.hasPrefix("                 from ")
    else { return nil }
    var place = line[start...]
    while let last = place.last, ":,".contains(last) { place.removeLast() }
    return place
  }

  private static func shortPlace(_ place: Substring, _ shorten: (Substring) -> String) -> String {
    guard let colon = place.lastIndex(of: ":") else { return shorten(place) }
    return shorten(place[..<colon]) + place[colon...]
  }
}
