/// Formats findings as text, in the style of compilers. Nothing else does.
public struct Printer: Sendable {
  /// Whether to use ANSI colours. The command turns this off for a pipe and for `NO_COLOR`.
  public var color: Bool

  /// A printer with or without ANSI colours.
  public init(color: Bool) {
    self.color = color
  }

  /// The finding as lines without a final newline: place, severity and message, then the notes, indented.
  public func text(_ finding: Finding) -> String {
    let severity = style(finding.severity.rawValue + ":", finding.severity == .error ? "1;31" : "1;35")
    let place = finding.place.map { style(Self.plain("\($0):"), "1") + " " } ?? "seriesmith: "
    let notes = finding.notes.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
    return
      ([place + severity + " " + Self.plain(finding.message)]
      + notes.map { $0.isEmpty ? "" : "    " + Self.plain($0) })
      .joined(separator: "\n")
  }

  /// The text with control characters as git shows them (`^M`), so that text from a series cannot control the terminal.
  public static func plain(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t": result.append(scalar)
      case "\0"..<" ", "\u{7F}": result += ["^", Unicode.Scalar(UInt8(scalar.value) ^ 0x40)]
      case _ where scalar.properties.generalCategory == .control: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The findings, each ended by a newline.
  public func text(_ findings: [Finding]) -> String {
    findings.map { text($0) + "\n" }.joined()
  }

  /// `text` in the given ANSI style, or unchanged without colour.
  public func style(_ text: String, _ code: String) -> String {
    color ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
