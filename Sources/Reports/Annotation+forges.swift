public import Diagnostics
public import FoundationEssentials
import Verification

extension [Annotation] {
  /// A line each, as GitHub Actions takes them from a step's output and shows them beside the code.
  public var githubCommands: String { map(\.githubCommand).joined() }

  /// The Code Quality report that GitLab takes from a job. It has no entry without a file, so it leaves out annotations
  /// that are not about a file of the tree.
  ///
  /// - Throws: `Failure(.unavailable)` if it cannot be encoded.
  public func gitlabReport() throws(Failure) -> Data {
    // GitLab drops all but one of the entries with the same fingerprint.
    var seen: [[String]: Int] = [:]
    let entries = compactMap { annotation -> CodeQuality? in
      guard let place = annotation.place else { return nil }
      // Not the line and the number: they change when other code or other patches do.
      let words = [annotation.subject, annotation.check.rawValue, place.file, annotation.message]
      seen[words, default: 0] += 1
      return CodeQuality(annotation, in: place, fingerprint: VerdictKey(words + ["\(seen[words, default: 1])"]).digest)
    }
    return try ReportJSON.data(entries)
  }
}

extension Annotation {
  fileprivate var githubCommand: String {
    var properties: [(name: String, value: String)] = []
    if let place {
      properties.append(("file", place.file))
      if let line = place.line {
        properties.append(("line", "\(line)"))
        if let column = place.column { properties.append(("col", "\(column)")) }
      }
    }
    properties.append(("title", "\(number) \(subject): \(source)"))
    let list = properties.map { "\($0.name)=\(Self.escapedProperty($0.value))" }.joined(separator: ",")
    let text = ([message] + notes).joined(separator: "\n")
    return "::\(severity == .error ? "error" : "warning") \(list)::\(Self.escaped(text))\n"
  }

  /// The text with a code in place of what ends a command, or one of its properties.
  ///
  /// It goes by scalars, not characters: "\r\n" is one character, and so is a comma with an accent.
  private static func escaped(_ text: String, _ special: String = "%\r\n") -> String {
    text.unicodeScalars.map { scalar in
      guard special.unicodeScalars.contains(scalar) else { return String(scalar) }
      let code = String(scalar.value, radix: 16, uppercase: true)
      return code.count == 1 ? "%0" + code : "%" + code
    }.joined()
  }

  private static func escapedProperty(_ text: String) -> String { escaped(text, "%\r\n:,") }
}

/// An entry of a Code Quality report.
private struct CodeQuality: Encodable {
  struct Location: Encodable {
    struct Lines: Encodable {
      var begin: Int
    }
    var path: String
    var lines: Lines
  }

  var description: String
  var checkName: String
  var fingerprint: String
  var severity: String
  var location: Location

  enum CodingKeys: String, CodingKey {
    case description, fingerprint, severity, location
    case checkName = "check_name"
  }

  init(_ annotation: Annotation, in place: Place, fingerprint: String) {
    description = "\(annotation.message) (\(annotation.source), patch \(annotation.number) '\(annotation.subject)')"
    checkName = annotation.check.rawValue
    self.fingerprint = fingerprint
    severity = annotation.severity == .error ? "critical" : "minor"
    location = Location(path: place.file, lines: .init(begin: place.line ?? 1))
  }
}
