import CSource
public import Descriptions
public import Diagnostics
import Foundation
import Parallelism

/// One patch of a series as generated: what it says, and the files as it leaves them.
public struct GeneratedPatch: Sendable {
  public var description: PatchDescription
  /// The contents after the patch of each file it changes, by path.
  public var files: [String: [UInt8]]
}

/// A series as generated on one tree.
public struct GeneratedSeries: Sendable {
  /// What of the series applies to the tree, with its texts for it.
  public var description: SeriesDescription
  public var patches: [GeneratedPatch]
  public var coverage: Coverage
  /// Drifts, and what is not covered: with any of these the patches are not to be used.
  public var findings: [Finding]
  /// What does not apply and was left out.
  public var notes: [Finding]
}

/// Generates a described series on a kernel tree.
public struct Generator: Sendable {
  /// The series as the chosen options make it.
  public let series: SeriesDescription
  private let split: Split

  /// - Parameter options: the names of the series' options that are chosen.
  /// - Throws: status 64 for an option that the series does not have; status 65 when the plan does not hold, with all
  ///   variants of the files in it; see `Plan`.
  public init(
    _ series: SeriesDescription, options: [String] = [], split: Split = .described
  ) throws(Failure) {
    self.series = try series.choosing(options)
    self.split = split
    _ = try Plan(self.series, split: split)
  }

  /// The patches that change something on the tree, and all that stands in their way at once.
  ///
  /// - Throws: status 65 for an error in a description.
  public func generate(on tree: some KernelTree) throws(Failure) -> GeneratedSeries {
    let named = try tree.paths(containing: series.inventoryWords)
    let sources = try SourceFile.read(Set(named + series.files.map(\.file)), of: tree)
    let fitting = try Fitting(series, to: sources, split: split)
    let plan = try Plan(fitting.series, split: split, isWhole: fitting.findings.isEmpty)
    let files = try generated(sources, by: fitting, plan)
    let drifts = drifts(of: files, from: fitting, plan)
    var patches = plan.patches.map { GeneratedPatch(description: $0, files: [:]) }
    for file in files {
      for (patch, bytes) in file.versions { patches[patch].files[file.base.path] = bytes }
    }
    let coverage = Coverage(of: series, in: files.map { (before: $0.before, after: $0.after) })
    let drifted = Set((fitting.findings + drifts.findings).compactMap(\.place?.file))
    let uncovered = coverage.findings(series).filter { $0.place.map { !drifted.contains($0.file) } ?? true }

    var generated = GeneratedSeries(
      description: fitting.series, patches: patches.filter { !$0.files.isEmpty }, coverage: coverage,
      findings: fitting.findings + drifts.findings + uncovered, notes: fitting.notes)
    // What is described wrongly is the smaller problem, where there is another.
    guard generated.findings.isEmpty else { return generated }
    let texts = try fitting.texts(
      [series.cover.map { ($0.text, $0.place) }, series.accepted.map { ($0.text, $0.place) }].compactMap(\.self)
        + patches.map(\.description).flatMap { [($0.subject, $0.place), ($0.message, $0.place)] })
    func rendered(_ text: String) -> String { texts[text, default: text] }
    if let cover = series.cover { generated.description.cover?.text = rendered(cover.text) }
    if let accepted = series.accepted { generated.description.accepted?.text = rendered(accepted.text) }
    for (index, patch) in generated.patches.map(\.description).enumerated() {
      generated.patches[index].description.subject = rendered(patch.subject)
      generated.patches[index].description.message = rendered(patch.message)
    }
    for patch in patches where patch.files.isEmpty {
      let message = "left out, '\(rendered(patch.description.subject))' has nothing to change in this tree"
      generated.notes.append(Finding(.note, at: patch.description.place, message))
    }
    generated.description.patches = generated.patches.map(\.description)
    try Self.check(generated.description.patches)
    return generated
  }

  /// Refuses texts that do not fit, as they are now that they are rendered, and subjects that do not tell patches apart.
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

  /// What a file has, and what the series makes of it.
  private struct GeneratedFile: Sendable {
    var base: SourceFile
    /// Its bytes after each patch that has a step for it, by the patch's index.
    var versions: [Int: [UInt8]] = [:]
    /// What it has of the ops tables, as it is and as the series leaves it.
    var before = OpsInventory()
    var after = OpsInventory()
    /// The functions that are not as expected, with the number of the description that expects them.
    var unexpected: [(description: Int, mismatch: Mismatch, function: String)] = []
    /// The edits that the file is not as expected for, with the number of their step.
    var drifts: [(step: Int, mismatch: Mismatch, function: String?)] = []
  }

  /// Looks at every file and makes every edit, those after one that fails too. What is done to a file depends on that
  /// file alone.
  private func generated(
    _ sources: [String: SourceFile], by fitting: Fitting, _ plan: Plan
  ) throws(Failure) -> [GeneratedFile] {
    let descriptions = Dictionary(grouping: fitting.series.files.enumerated(), by: \.element.file)
    let steps = Dictionary(grouping: plan.steps.enumerated(), by: \.element.file)
    let structures = Set(series.ops.map(\.structure))
    let members = Set(series.ops.map(\.old))
    let templates = ParsedTemplates()
    return try sources.values.sorted { $0.path < $1.path }.concurrentMap { (base) throws(Failure) in
      var file = GeneratedFile(base: base, before: base.inventory(structures: structures, members: members))
      file.after = file.before
      for (number, description) in descriptions[base.path] ?? [] {
        file.unexpected += try unexpected(description, base, templates).map { (number, $0.mismatch, $0.name) }
      }
      guard let steps = steps[base.path] else { return file }
      let last = try edit(&file, by: steps.map { (number: $0.offset, step: $0.element) }, templates)
      file.after = last.inventory(structures: structures, members: members)
      return file
    }
  }

  /// Takes all steps that edit a file.
  ///
  /// - Returns: the file as the last of them leaves it.
  private func edit(
    _ file: inout GeneratedFile, by steps: [(number: Int, step: Step)], _ templates: ParsedTemplates
  ) throws(Failure) -> SourceFile {
    let folder = series.folder
    let read = { (name: String) throws(Failure) in try Self.read(folder + "/" + name) }
    let runner = EditRunner(template: read, templates: templates)
    var source = file.base
    for (number, step) in steps {
      for edit in step.edits {
        do {
          source = try runner.apply(edit, step.parameters, to: source)
        } catch {
          switch error {
          case .failure(let failure):
            throw failure
          case .mismatch(let mismatch):
            let function = try Renderer(step.parameters, at: edit.place).text(ifPresent: edit.function)
            file.drifts.append((number, mismatch, function))
          }
        }
      }
      file.versions[step.patch] = source.bytes
    }
    return source
  }

  /// All drifts: first the functions that are not as described, then the edits that do not fit, in the order of the
  /// descriptions and of the plan.
  private func drifts(of files: [GeneratedFile], from fitting: Fitting, _ plan: Plan) -> Drifts {
    var drifts = Drifts()
    let unexpected = files.flatMap { file in file.unexpected.map { (base: file.base, drift: $0) } }
    for (base, drift) in unexpected.sorted(by: { $0.drift.description < $1.drift.description }) {
      let place = fitting.series.files[drift.description].place
      drifts.add(drift.mismatch, in: base, function: drift.function, describedAt: place)
    }
    let failed = files.flatMap { file in file.drifts.map { (base: file.base, drift: $0) } }
    for (base, drift) in failed.sorted(by: { $0.drift.step < $1.drift.step }) {
      drifts.add(drift.mismatch, in: base, function: drift.function, describedAt: plan.steps[drift.step].place)
    }
    return drifts
  }

  /// The functions of a file that are not as they were when its description was written.
  private func unexpected(
    _ description: FileDescription, _ file: SourceFile, _ templates: ParsedTemplates
  ) throws(Failure) -> [(name: String, mismatch: Mismatch)] {
    let kind = description.kind.flatMap { series.kinds[$0] }
    let renderer = Renderer(description.parameters, at: description.place, among: templates)
    let names = try renderer.texts((kind?.expects ?? []) + description.expects)
    guard !names.isEmpty else { return [] }
    let path = "\(series.folder)/expect/\(description.file)"
    let recorded = SourceFile(path: path, bytes: Array(try Self.read(path).utf8))
    var result: [(name: String, mismatch: Mismatch)] = []
    for name in names {
      let known = recorded.functionTexts(name)
      guard !known.isEmpty else {
        throw Failure(
          .input, at: Place(path), "does not record function '\(name)'",
          notes: ["copy it from the tree that it was described for", "expected at \(description.place)"])
      }
      do throws(Mismatch) {
        guard try !file.sameFunction(name, as: recorded) else { continue }
        let found = file.functionTexts(name).joined()
        throw Mismatch(
          file.place(of: name), "function '\(name)' is not as it was when its description was written",
          expected: Drift.nearest(known, to: found), found: found)
      } catch {
        result.append((name, error))
      }
    }
    return result
  }

  private static func read(_ path: String) throws(Failure) -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw Failure(.input, at: Place(path), "cannot be read", notes: [error.localizedDescription])
    }
  }
}
