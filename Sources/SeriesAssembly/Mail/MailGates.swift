public import Diagnostics
public import PatchSeries
public import Proving
public import Verification

/// The conditions a series must meet before it is mailed.
public struct MailGates {
  private let folder: String
  private let series: Series
  private let sender: Identity
  private let question: String
  /// The verdict of `verify` on exactly these bytes; nil if there is none.
  public var record: VerdictRecord?
  /// The report of `prove`, and the path it was read from; nil if the cover letter is not to mention it.
  public var proof: (report: ProveReport, file: String)?
  /// Whether a series may have more patches than lists take at once.
  public var allowsMany = false

  /// - Parameters:
  ///   - folder: the folder of the patches, for messages.
  ///   - question: the `verify` command line that would give the record, for notes.
  public init(_ series: Series, in folder: String, sender: Identity, question: String) {
    self.folder = folder
    self.series = series
    self.sender = sender
    self.question = question
  }

  /// The limit in Documentation/process/submitting-patches.rst.
  public static let mostPatches = 15

  /// The conditions that are not met.
  public var findings: [Finding] { verdict + proofFindings + subjects + signOffs + count }

  private var verdict: [Finding] {
    guard let record else {
      return [Finding(at: nil, "these patches are not verified as they are now", notes: [question])]
    }
    let remarks = record.remarks.map { remark in
      let finding = remark.finding.finding
      return Finding(
        at: finding.place, "patch \(remark.commit), \(remark.check.rawValue): \(finding.message)",
        notes: Acceptance.checks.contains(remark.check) || record.unchecked.contains(finding.place?.file ?? "")
          ? ["fix it, or say in \(folder)/\(AcceptedFindings.name) why it is intended"] : [])
    }
    if record.verdict == .stands { return remarks }
    return [Finding(at: nil, "the series does not stand (\(record.verdict.rawValue))", notes: [question])] + remarks
  }

  private var proofFindings: [Finding] {
    guard let (report, file) = proof else { return [] }
    let findings = [
      report.verdict == .holds ? nil : "says that the series does not hold (\(report.verdict.rawValue))",
      record == nil || report.trees == record?.trees ? nil : "is about other patches or another base",
    ]
    return findings.compactMap(\.self).map {
      Finding(at: Place(file), $0, notes: ["seriesmith prove \(folder) --json \(file)"])
    }
  }

  private var subjects: [Finding] {
    var known: [String: Patch] = [:]
    return series.patches.compactMap { patch in
      guard let other = known.updateValue(patch, forKey: patch.subject) else { return nil }
      return Finding(
        at: place(patch), "the subject '\(patch.subject)' is taken", notes: ["by \(place(other))"])
    }
  }

  /// Both the author of a patch and whoever mails it must sign it off.
  private var signOffs: [Finding] {
    series.patches.flatMap { patch in
      let author = Identity(name: patch.author.name, email: patch.author.email)
      let trailers = Trailers.trailers(of: patch.body)
      return (author == sender ? [sender] : [author, sender]).filter { !trailers.contains($0.signOff) }.map {
        Finding(
          at: place(patch), "is not signed off by \($0.name) <\($0.email)>",
          notes: ["`seriesmith generate --signoff` signs off as your git identity"])
      }
    }
  }

  private var count: [Finding] {
    guard series.patches.count > Self.mostPatches, !allowsMany else { return [] }
    return [
      Finding(
        at: nil, "\(series.patches.count) patches are more than the \(Self.mostPatches) that lists take at once",
        notes: ["mail some of them first, or pass --allow-many if the lists asked for all"])
    ]
  }

  private func place(_ patch: Patch) -> Place { Place("\(folder)/\(patch.fileName)") }
}
