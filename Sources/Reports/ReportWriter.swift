import Diagnostics
import Proving
import Templating
import Verification

/// Renders reports as HTML pages and as JUnit XML.
public struct ReportWriter: Sendable {
  /// The path of the folder with the Mustache templates.
  let templates: String

  /// - Parameter templates: the path of the folder with `page.html`, `verify.html`, `prove.html` and `junit.xml`.
  public init(templates: String) {
    self.templates = templates
  }

  /// A self-contained page, without scripts or other files.
  func page(_ template: String, title: String, tone: String, _ model: [String: Any]) throws(Failure) -> String {
    let body = try Markup.render("\(templates)/\(template).html", model)
    return try Markup.render("\(templates)/page.html", ["title": title, "tone": tone, "body": body])
  }

  /// Findings as the templates show them.
  static func model(_ findings: [ReportedFinding]) -> [[String: Any]] {
    findings.map { reported in
      let finding = reported.finding
      return [
        "severity": reported.accepted == nil ? finding.severity.rawValue : "accepted",
        "place": finding.place.map { "\($0): " } ?? "", "message": finding.message,
        "notes": finding.notes.joined(separator: "\n"), "hasNotes": !finding.notes.isEmpty,
      ]
    }
  }

  /// A duration for people: "0.4 s", "12 s", "3 min 5 s".
  static func time(_ seconds: Double) -> String {
    if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
