import ArgumentParser
import Diagnostics
import Foundation
import Reports

/// `--json`, `--html` and `--junit`: where a report goes besides the terminal.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write the report as JSON ('-' for standard output).", valueName: "file"), completion: .file())
  var json: String?

  @Option(
    help: ArgumentHelp("Write the report as one self-contained HTML page.", valueName: "file"),
    completion: .file())
  var html: String?

  @Option(
    help: ArgumentHelp("Write the report as JUnit XML, for CI systems.", valueName: "file"), completion: .file())
  var junit: String?

  /// A command's report in each form. A form is made only if it is asked for.
  struct Forms {
    var json: () throws(Failure) -> Data
    var html: (ReportWriter) throws(Failure) -> String
    var junit: (ReportWriter) throws(Failure) -> String
    var text: (Printer) -> String
    var status: ExitStatus
    /// Whether people get the text, unless a report takes its place.
    var hasText = true
  }

  /// Whether a report takes the place of the text.
  var areOnStandardOutput: Bool { [json, html, junit].contains("-") }

  /// Writes the report wherever it is asked for. Throws its exit status unless the series holds.
  func write(_ report: Forms) throws {
    try writeFiles(report)
    if report.hasText, !areOnStandardOutput {
      print(report.text(Console.standard.outputPrinter), terminator: "")
    }
    if report.status != .holds { throw ExitCode(report.status.rawValue) }
  }

  /// Writes the report wherever it is asked for besides the terminal.
  func writeFiles(_ report: Forms) throws(Failure) {
    if let json { try Output.write(try report.json(), to: json) }
    if html != nil || junit != nil {
      let writer = ReportWriter(templates: try SeriesFolders.root() + "/reports")
      if let html { try Output.write(Data(try report.html(writer).utf8), to: html) }
      if let junit { try Output.write(Data(try report.junit(writer).utf8), to: junit) }
    }
  }
}
