public import Diagnostics
import FoundationEssentials
import PatchSeries
import Processes

extension KernelScripts {
  /// Checks one patch with the tree's `scripts/checkpatch.pl --strict`.
  ///
  /// An ERROR becomes an error, a WARNING a warning, a CHECK a check. The type ends the message: "trailing white space
  /// [TRAILING_WHITESPACE]". A place is the line in the file after the patch; a finding about the mail's own text has no
  /// file. A finding about a context line is left out if the script reports it without the patch as well.
  ///
  /// The script does not check the sign-off, which the mail step does, nor commit ids, which need a history. It does not
  /// use codespell's dictionary, which differs between machines, but the tree's own list of misspellings.
  ///
  /// - Parameters:
  ///   - patch: the patch as mailed: header, message and diff.
  ///   - before: how the state before the patch differs from the base: new bytes by path, nil for deleted files.
  ///   - scratch: the absolute path of an existing folder. Files left there make later calls faster.
  /// - Throws: `Failure(.unavailable)` when perl is missing or the script fails; `Failure(.input)` for a damaged diff.
  public func checkpatch(
    _ patch: [UInt8], before: [String: [UInt8]?] = [:], scratch: String
  ) async throws(Failure) -> [Diagnostic] {
    try Self.require("perl", for: "scripts/checkpatch.pl")
    let mail = try PatchLines(patch)
    let view = try CheckpatchFolder(source, before: before.filter { mail.paths.contains($0.key) }, scratch: scratch)
    defer { view.remove() }
    let reports = try await checkpatch(mail, in: view).filter { !isDocumented($0, before) }
    guard reports.contains(where: { mail[$0.line].kind == .context }) else {
      return reports.map { $0.diagnostic(in: mail, source) }
    }
    let unchanged = mail.unchanged
    var known: [ContextKey: Int] = [:]
    for report in try await checkpatch(unchanged, in: view) where unchanged[report.line].kind == .context {
      known[ContextKey(report, unchanged), default: 0] += 1
    }
    return reports.filter { report in
      guard mail[report.line].kind == .context else { return true }
      let left = known[ContextKey(report, mail), default: 0]
      if left > 0 { known[ContextKey(report, mail)] = left - 1 }
      return left == 0
    }.map { $0.diagnostic(in: mail, source) }
  }

  /// Identifies a report about a context line, with and without the patch.
  private struct ContextKey: Hashable {
    var file: String?
    var text: [UInt8]
    var message: String

    init(_ report: CheckpatchReport, _ patch: PatchLines) {
      file = patch[report.line].file
      text = Array(patch[report.line].text.dropFirst())
      message = report.message
    }
  }

  private func checkpatch(_ patch: PatchLines, in view: CheckpatchFolder) async throws(Failure) -> [CheckpatchReport] {
    let command = Command(
      "perl",
      [
        "\(source.path)/scripts/checkpatch.pl", "--root=\(source.path)", "--strict", "--terse", "--show-types",
        "--no-summary", "--color=never", "--no-signoff", "--ignore=UNKNOWN_COMMIT_ID", "-",
      ],
      environment: Self.environment(home: view.path), clearEnvironment: true, directory: view.path,
      input: patch.bytes)
    let outcome = try await run(command)
    let reports = CheckpatchReport.parse(outcome.text)
    // 1 means that there are reports. A script that dies may exit with any status, 1 without a report included.
    switch outcome.termination {
    case .exited(0): return reports
    case .exited(1) where !reports.isEmpty: return reports
    default: throw failure(of: command, outcome, to: "check a patch with scripts/checkpatch.pl")
    }
  }

  /// Whether a binding that an earlier patch of the series added documents the compatible string of `report`: the script
  /// searches only the base.
  private func isDocumented(_ report: CheckpatchReport, _ before: [String: [UInt8]?]) -> Bool {
    guard report.type == "UNDOCUMENTED_DT_STRING", let name = report.message.quotedWord else { return false }
    return before.contains { path, bytes in
      guard path.hasPrefix("Documentation/devicetree/bindings/"), let bytes else { return false }
      return String(decoding: bytes, as: UTF8.self).contains(name)
    }
  }
}

/// One line of the output of `checkpatch.pl --terse --show-types -`.
struct CheckpatchReport: Hashable, Sendable {
  /// The line of the mail, one-based.
  var line: Int
  var severity: Finding.Severity
  /// The script's type: "LONG_LINE".
  var type: String
  var message: String

  /// The reports in lines like "-:20: CHECK:CAMELCASE: Avoid CamelCase: <fooBar>".
  static func parse(_ text: String) -> [CheckpatchReport] {
    text.split(separator: "\n").compactMap { row in
      guard row.hasPrefix("-:") else { return nil }
      let parts = row.dropFirst(2).split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, let line = Int(parts[0]) else { return nil }
      let severity: Finding.Severity
      switch parts[1] {
      case " ERROR": severity = .error
      case " WARNING": severity = .warning
      case " CHECK": severity = .check
      default: return nil
      }
      return CheckpatchReport(
        line: line, severity: severity, type: String(parts[2]), message: String(parts[3].drop { $0 == " " }))
    }
  }

  func diagnostic(in patch: PatchLines, _ source: SourceTree) -> Diagnostic {
    let place = patch[line]
    return Diagnostic(
      file: place.file, line: place.line, severity: severity,
      message: "\(message.replacing(source.path + "/", with: "")) [\(type)]")
  }
}

extension String {
  /// The text between the first two double quotes; nil when there are fewer.
  fileprivate var quotedWord: String? {
    let parts = split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 ? String(parts[1]) : nil
  }
}
