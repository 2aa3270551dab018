import ArgumentParser
import Diagnostics
import Foundation
import Reports
import Verification

/// `--annotations`: the findings as a forge shows them beside the code.
struct AnnotationOptions: ParsableArguments {
  @Option(
    name: .customLong("annotations"),
    help: ArgumentHelp(
      "Give a forge the findings to show beside the code: github, gitlab or gitlab:FILE.",
      discussion: """
        github prints workflow commands. gitlab writes a Code Quality report, to \(Form.report) unless FILE is given.
        """,
      valueName: "form"), completion: .list(["github", "gitlab"]))
  var form: Form?

  /// A forge, and where it looks for annotations.
  enum Form: Hashable, ExpressibleByArgument {
    /// Actions reads the output of the step.
    case github
    /// CI takes a file from the job.
    case gitlab(file: String)

    /// The name that GitLab's documentation gives the file.
    static let report = "gl-code-quality-report.json"

    init?(argument: String) {
      switch argument {
      case "github": self = .github
      case "gitlab": self = .gitlab(file: Self.report)
      default:
        let file = argument.dropFirst("gitlab:".count)
        guard argument.hasPrefix("gitlab:"), !file.isEmpty else { return nil }
        self = .gitlab(file: String(file))
      }
    }
  }

  /// Whether the annotations take the place of the text.
  var areOnStandardOutput: Bool { form == .gitlab(file: "-") }

  /// A text with a stop before it and a start after it, if the forge takes commands from what is printed: a patch may
  /// have lines that read as some.
  func guarding(_ text: @escaping (Printer) -> String) -> (Printer) -> String {
    guard form == .github else { return text }
    let token = UUID().uuidString
    return { "::stop-commands::\(token)\n\(text($0))::\(token)::\n" }
  }

  /// Writes the annotations of a report where its forge looks for them.
  func write(_ report: VerifyReport) throws(Failure) {
    switch form {
    case .github: print(report.annotations.githubCommands, terminator: "")
    case .gitlab(let file):
      let annotations = report.annotations
      try Output.write(try annotations.gitlabReport(), to: file)
      let others = annotations.count { $0.place == nil }
      guard others > 0 else { return }
      Console.standard.print([
        Finding(
          .note,
          "\(others.counted("finding")) \(others == 1 ? "is" : "are") not about a file of the tree: "
            + "GitLab shows only those that are")
      ])
    case nil: break
    }
  }
}
