public import Diagnostics

extension VerifyReport {
  /// The report for people: a row per patch and a column per check or lane, then the findings, then the verdict.
  public func text(_ printer: Printer) -> String {
    let columns = self.columns
    var lines: [String] = []
    if !columns.isEmpty {
      lines.append(
        columns.enumerated().map { String(repeating: "│ ", count: $0.offset) + $0.element.title }.joined(
          separator: "\n"))
    }
    for commit in commits {
      let cells = columns.map { cell(commit.checks(of: $0), printer) }
      lines.append(cells.joined(separator: " ") + "  " + row(commit, width: 78 - 2 * columns.count))
    }
    var text = lines.joined(separator: "\n") + "\n"
    for commit in commits {
      for check in commit.checks where !check.findings.isEmpty {
        let lane = check.lane.map { ", \($0)" } ?? ""
        text +=
          "\n" + printer.style("patch \(commit.index)/\(commits.count), \(check.name.rawValue)\(lane):", "1") + "\n"
        text += printer.text(check.findings.map(\.finding))
      }
    }
    if let effort { text += "\n" + effort + "\n" }
    return text + "\n" + conclusion(printer) + "\n"
  }

  private static let width = 120

  /// The verdict on one line, where it falls. What is more than a line's worth stands below it.
  private func conclusion(_ printer: Printer) -> String {
    let style = verdict == .stands ? "1;32" : "1;31"
    let whole = Printer.plain(sentence)
    guard whole.count > Self.width, let bad = firstBad, verdict == .falls, shard == nil else {
      return printer.style(whole, style)
    }
    let (start, end) = ends(of: bad)
    let room = max(12, Self.width - start.count - end.count - " ()".count)
    let subject = Printer.plain(commits.first { $0.index == bad.index }?.subject ?? "")
    let short = subject.count > room ? subject.prefix(room - 1) + "…" : subject[...]
    let reasons = bad.reason.split(separator: "; ").map { "    " + Printer.plain($0) }
    return ([printer.style("\(start) (\(short))\(end)", style)] + reasons).joined(separator: "\n")
  }

  private func ends(of bad: FirstBad) -> (start: String, end: String) {
    let lane = bad.lane.map { ", \($0)" } ?? ""
    return ("falls at patch \(bad.index)/\(commits.count)", ": \(bad.check.rawValue)\(lane):")
  }

  /// How much was compiled, how much there was to compile, and how much could be left out; nil when nothing was to be
  /// compiled.
  public var effort: String? {
    guard let work else { return nil }
    var text =
      "\(work.compilations.counted("compilation")) for \(work.texts.count.counted("distinct unit text"))"
    if work.unaffected > 0 {
      text +=
        "; in \(work.unaffected) cases, a source that includes a changed header was proven unaffected "
        + "(\(work.headers.counted("header text")) parsed alone)"
    }
    for more in [work.places, work.sandbox] { text += more.map { "; \($0)" } ?? "" }
    return text + "."
  }

  /// The verdict in a sentence.
  public var sentence: String {
    let lanes = Set(commits.flatMap(\.checks).compactMap(\.lane)).count
    let compiles = commits.flatMap(\.checks).filter { $0.name == .compile }
    let units = compiles.map(\.units).reduce(0, +)
    let cached = compiles.map(\.cached).reduce(0, +)
    let size = "\(commits.count.counted("commit"))"
    let compiled =
      lanes == 0 ? "" : ", \(lanes.counted("lane")), \(units.counted("unit")) (\(cached) cached)"
    let accepted = commits.flatMap(\.checks).flatMap(\.findings).count { $0.accepted != nil }
    let unchecked = coverage.unchecked.count { $0.accepted == nil }
    if let shard {
      return "shard \(shard) \(verdict == .falls ? "falls" : "is done"): \(size)\(compiled); "
        + "verify --merge joins it with the others."
    }
    switch verdict {
    case .stands:
      let exempt = coverage.exempt.isEmpty ? "" : ", \(coverage.exempt.count.counted("file")) exempt"
      let checks = Set(commits.flatMap(\.checks).map(\.name))
      let depth: Depth =
        coverage.isAccounted
        ? checks.contains(.style) ? .full : .compile : checks.contains(.structure) ? .structure : .apply
      let reach = coverage.isAccounted ? "nothing unchecked at depth \(depth)" : "looked at to depth \(depth)"
      return "stands: \(size)\(compiled), \(reach)\(exempt)"
        + (accepted == 0 ? "." : ", \(accepted.counted("finding")) accepted.")
    case .incomplete:
      let why =
        unchecked > 0 ? ", \(unchecked.counted("changed file")) unchecked" : ", not everything was checked"
      return "incomplete: \(size)\(compiled)\(why)."
    case .falls:
      guard let bad = firstBad else { return "falls: \(size)\(compiled)." }
      let subject = commits.first { $0.index == bad.index }.map { " (\($0.subject))" } ?? ""
      let (start, end) = ends(of: bad)
      return "\(start)\(subject)\(end) \(bad.reason)."
    }
  }

  private func cell(_ checks: [CheckReport], _ printer: Printer) -> String {
    switch Mark(checks) {
    case .failed: printer.style("✗", "1;31")
    case .unchecked: "–"
    case .idle: "·"
    case .passed: printer.style("✓", "32")
    }
  }

  private func row(_ commit: CommitReport, width: Int) -> String {
    let units = commit.checks.filter { $0.name == .compile }.map(\.units).reduce(0, +)
    let seconds = commit.checks.map(\.seconds).reduce(0, +)
    let work = units > 0 ? units.counted("unit") + (seconds >= 0.5 ? " \(Int(seconds.rounded())) s" : "") : ""
    let number = "\(commit.index)/\(commits.count) "
    let room = max(12, width - number.count - work.count - 2)
    let plain = Printer.plain(commit.subject)
    let subject = plain.count > room ? plain.prefix(room - 1) + "…" : plain[...]
    let gap = work.isEmpty ? "" : String(repeating: " ", count: room - subject.count + 2) + work
    return number + subject + gap
  }
}
