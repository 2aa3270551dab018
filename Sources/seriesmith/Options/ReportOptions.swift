import ArgumentParser
import Diagnostics
import Foundation
import Reports

/// Where a report goes besides the terminal.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write the report as JSON ('-' for standard output).", valueName: "file"), completion: .file())
  var json: String?

  @Option(
    help: ArgumentHelp("Write the report as a page of HTML, which needs no other file.", valueName: "file"),
    completion: .file())
  var html: String?

  @Option(
    help: ArgumentHelp("Write the report as JUnit's XML, for a CI system.", valueName: "file"), completion: .file())
  var junit: String?

  /// What a command reports, in each form. A form is made only where it is asked for.
  struct Forms {
    var json: () throws(Failure) -> Data
    var html: (ReportWriter) throws(Failure) -> String
    var junit: (ReportWriter) throws(Failure) -> String
    var text: (Printer) -> String
    var status: ExitStatus
  }

  /// Writes the report wherever it is asked for, and ends with the status that it means.
  func write(_ report: Forms) throws {
    if let json { try Output.write(try report.json(), to: json) }
    if html != nil || junit != nil {
      let writer = ReportWriter(templates: try SeriesFolders.root() + "/reports")
      if let html { try Output.write(Data(try report.html(writer).utf8), to: html) }
      if let junit { try Output.write(Data(try report.junit(writer).utf8), to: junit) }
    }
    if ![json, html, junit].contains("-") {
      print(report.text(Console.standard.outputPrinter), terminator: "")
    }
    if report.status != .holds { throw ExitCode(report.status.rawValue) }
  }
}
