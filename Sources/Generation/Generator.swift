import CSource
public import Descriptions
public import Diagnostics

/// One generated patch of a series: its texts, and the files as it leaves them.
public struct GeneratedPatch: Sendable {
  /// The patch's texts, rendered for the tree.
  public var description: PatchDescription
  /// The new contents of each file that the patch changes, by path.
  public var files: [String: [UInt8]]
}

/// A series generated on one tree.
public struct GeneratedSeries: Sendable {
  /// The part of the series that applies to the tree, with its texts rendered for the tree.
  public var description: SeriesDescription
  /// The patches in order, without those that change nothing.
  public var patches: [GeneratedPatch]
  /// The tables and users of the old op, and whether the series covers them.
  public var coverage: Coverage
  /// Drifts, missing files, and uncovered tables and users. If there are any, the patches must not be used and their
  /// texts are not rendered.
  public var findings: [Finding]
  /// The descriptions and patches that do not apply and were left out.
  public var notes: [Finding]
  /// The runs of Coccinelle whose answers are missing. If there are any, all else here says nothing yet: generate again
  /// with their answers.
  public var wanted: [SemanticPatch] = []
}

/// Generates a described series on a kernel tree.
public struct Generator: Sendable {
  /// The series with the chosen options.
  public let series: SeriesDescription
  private let split: Split
  private let plan: Plan

  /// Plans the series with all variants of its files.
  ///
  /// - Parameter options: the names of the chosen options.
  /// - Throws: status 64 for an option that the series does not have; status 65 if a step names an unknown patch or the
  ///   order of the patches does not hold.
  public init(
    _ series: SeriesDescription, options: [String] = [], split: Split = .described
  ) throws(Failure) {
    self.series = try series.choosing(options)
    self.split = split
    plan = try Plan(self.series, split: split)
  }

  /// Generates the patches on a tree, and reports everything that prevents it at once.
  ///
  /// - Parameter answers: those of Coccinelle, by run, as far as they are known.
  /// - Throws: status 65 for an error in a description.
  public func generate(
    on tree: some KernelTree, with answers: [SemanticPatch: SemanticPatch.Answer] = [:]
  ) throws(Failure) -> GeneratedSeries {
    let paths = Set(try tree.paths(containing: series.inventoryWords) + series.files.map(\.file))
    let described = Set(series.files.map(\.file))
    let (structures, members) = (series.ops.map(\.structure), series.ops.map(\.old))
    let sources = try SourceFile.read(paths, of: tree) { path, bytes in
      described.contains(path) || MemberWords.concern(bytes, structures: structures, members: members)
    }
    let fitting = try Fitting(series, to: sources, split: split)
    let plan = try plan.fitted(to: fitting)
    var drifts = Drifts()
    for description in fitting.series.files { try drifts.compare(description, of: series, with: sources) }
    var semantic = SemanticPatches(known: answers)
    let (patches, edited) = try edit(sources, by: plan, &drifts, &semantic)
    let coverage = Coverage(of: series, in: sources, edited: edited) { (try? tree.contents(of: $0)) ?? nil }
    let drifted = Set((fitting.findings + drifts.findings).compactMap(\.place?.file))
    let uncovered = coverage.findings(series).filter { $0.place.map { !drifted.contains($0.file) } ?? true }

    var generated = GeneratedSeries(
      description: fitting.series, patches: patches.filter { !$0.files.isEmpty }, coverage: coverage,
      findings: fitting.findings + drifts.findings + uncovered, notes: fitting.notes, wanted: semantic.wanted)
    // A rule may match where the series does not apply yet.
    if generated.findings.isEmpty { generated.findings = semantic.idleRules }
    guard generated.wanted.isEmpty else { return generated }
    // Errors in texts can wait until there are no findings.
    guard generated.findings.isEmpty else { return generated }
    if let cover = series.cover { generated.description.cover?.text = try fitting.text(cover.text, at: cover.place) }
    if let accepted = series.accepted {
      generated.description.accepted?.text = try fitting.text(accepted.text, at: accepted.place)
    }
    for (index, patch) in generated.patches.map(\.description).enumerated() {
      generated.patches[index].description.subject = try fitting.text(patch.subject, at: patch.place)
      generated.patches[index].description.message = try fitting.text(patch.message, at: patch.place)
    }
    for patch in patches.filter(\.files.isEmpty).map(\.description) {
      let subject = try fitting.text(patch.subject, at: patch.place)
      generated.notes.append(
        Finding(.note, at: patch.place, "left out, '\(subject)' has nothing to change in this tree"))
    }
    generated.description.patches = generated.patches.map(\.description)
    try Self.check(generated.description.patches)
    return generated
  }

  /// Refuses rendered texts that are too wide, and subjects that occur twice.
  private static func check(_ patches: [PatchDescription]) throws(Failure) {
    var findings: [Finding] = []
    for (index, patch) in patches.enumerated() {
      for line in [patch.subject] + patch.message.split(separator: "\n").map(String.init)
      where line.count > PatchDescription.columns {
        findings.append(
          Finding(
            at: patch.place, "a line has \(line.count) columns, \(PatchDescription.columns) are allowed", notes: [line])
        )
      }
      if let other = patches[..<index].first(where: { $0.subject == patch.subject }) {
        findings.append(
          Finding(at: patch.place, "the subject '\(patch.subject)' is taken", notes: ["by \(other.place)"]))
      }
    }
    guard findings.isEmpty else { throw Failure(.input, findings) }
  }

  /// Makes every edit, and goes on after one that fails. A file is left where it needs an answer that is not known.
  ///
  /// - Returns: the patches, and the files as the last patch leaves them.
  private func edit(
    _ sources: [String: SourceFile], by plan: Plan, _ drifts: inout Drifts, _ semantic: inout SemanticPatches
  ) throws(Failure) -> (patches: [GeneratedPatch], files: [String: SourceFile]) {
    var patches = plan.patches.map { GeneratedPatch(description: $0, files: [:]) }
    var files: [String: SourceFile] = [:]
    var waiting: Set<String> = []
    for step in plan.steps {
      guard let base = sources[step.file], !waiting.contains(step.file) else { continue }
      var file = files[step.file] ?? base
      for edit in step.edits {
        do {
          guard let edited = try EditRunner.apply(edit, step.parameters, to: file, &semantic) else {
            waiting.insert(step.file)
            break
          }
          file = edited
        } catch {
          switch error {
          case .failure(let failure):
            throw failure
          case .mismatch(let mismatch):
            let function = try Renderer(step.parameters, at: edit.place).text(ifPresent: edit.function)
            // With a remedy, it is the edit that is to change: it may stand in a kind, and be one of many.
            let place = mismatch.remedy == nil ? step.place : edit.place
            drifts.add(mismatch, in: base, function: function, describedAt: place)
          }
        }
      }
      files[step.file] = file
      patches[step.patch].files[step.file] = file.bytes
    }
    return (patches, files)
  }
}
