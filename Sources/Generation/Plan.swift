import Descriptions
import Diagnostics

/// One file's share of one patch: what it edits, and what that needs and gives.
struct Step: Sendable {
  var patch: Int
  var file: String
  /// The description the step belongs to, for messages about it.
  var place: Place
  var provides: [String]
  var requires: [String]
  var retires: [String]
  var removes: [String]
  var edits: [EditDescription]
  var parameters: [String: Parameter]
  /// The patch that the file's share is by itself; nil where it has no name for that, or is not to be.
  var alone: PatchDescription?
}

/// The series' steps in the order of its patches, checked: what a patch requires is there, what it removes is unused.
struct Plan: Sendable {
  var patches: [PatchDescription]
  /// In the order in which they are taken: patch by patch, and in a patch as described.
  var steps: [Step]

  /// - Parameter isWhole: whether no file is missing; one that is might provide what others require.
  /// - Throws: status 65 where a step names an unknown patch, or the order of the patches does not hold.
  init(_ series: SeriesDescription, split: Split = .described, isWhole: Bool = true) throws(Failure) {
    patches = series.patches
    steps = []
    var findings: [Finding] = []
    for file in series.files.flatMap(\.forms) {
      let kind = file.kind.flatMap { series.kinds[$0] }
      for step in (kind?.steps ?? []) + file.steps {
        do {
          steps.append(try Self.step(step, of: file, in: series, split: split))
        } catch {
          findings += error.findings
        }
      }
    }
    if split == .perDriver { separate() }
    if isWhole { findings += orderFindings(series) }
    guard findings.isEmpty else { throw Failure(.input, findings) }
    steps = steps.enumerated().sorted { ($0.element.patch, $0.offset) < ($1.element.patch, $1.offset) }.map(\.element)
  }

  private static func step(
    _ step: StepDescription, of file: FileDescription, in series: SeriesDescription, split: Split
  ) throws(Failure) -> Step {
    let renderer = Renderer(file.parameters, at: step.place)
    let kind = file.kind.flatMap { series.kinds[$0] }
    guard let id = try step.patch.map({ name throws(Failure) in try renderer.text(name) }) ?? file.patch else {
      throw Failure(.input, at: file.place, "names no 'patch' for its steps")
    }
    guard let patch = series.patches.firstIndex(where: { $0.id == id }) else {
      throw Failure(
        .input, at: file.place, "names the patch '\(id)', which the series does not have",
        notes: ["its patches are: " + series.patches.map(\.id).joined(separator: ", ")])
    }
    let alone =
      split == .perDriver ? ((kind?.alone ?? []) + file.alone).first { ($0.patch ?? file.patch) == id } : nil
    return Step(
      patch: patch, file: file.file, place: file.place, provides: try renderer.texts(step.provides),
      requires: try renderer.texts(step.requires), retires: try renderer.texts(step.retires),
      removes: try renderer.texts(step.removes), edits: step.edits, parameters: file.parameters,
      alone: try alone.map { alone throws(Failure) in try Self.patch(alone, of: file, in: id) })
  }

  private static func patch(
    _ alone: AlonePatch, of file: FileDescription, in id: String
  ) throws(Failure) -> PatchDescription {
    let renderer = Renderer(file.parameters, at: alone.place)
    return PatchDescription(
      id: "\(id)/\(file.name)", subject: try renderer.text(alone.subject), message: try renderer.text(alone.message),
      changes: alone.changes.adding(file.changes), place: alone.place)
  }

  /// Gives each file's share of a patch that has a name a patch of its own, behind what else the patch does.
  private mutating func separate() {
    var separated: [PatchDescription] = []
    var places = steps.map(\.patch)
    for (index, patch) in patches.enumerated() {
      let own = steps.indices.filter { steps[$0].patch == index }
      var order = own.isEmpty || own.contains { steps[$0].alone == nil } ? [patch] : []
      for step in own {
        guard let alone = steps[step].alone, !order.contains(where: { $0.id == alone.id }) else { continue }
        order.append(alone)
      }
      for step in own {
        let id = steps[step].alone?.id ?? patch.id
        places[step] = separated.count + (order.firstIndex { $0.id == id } ?? 0)
      }
      separated += order
    }
    for (step, patch) in places.enumerated() { steps[step].patch = patch }
    patches = separated
  }

  private func orderFindings(_ series: SeriesDescription) -> [Finding] {
    let inBase = Set(series.ops.map(\.oldFact))
    let providers = first(\.provides)
    let removers = first(\.removes)
    var findings: [Finding] = []
    func finding(_ step: Step, _ message: String, _ note: String) {
      let patch = patches[step.patch]
      let finding = Finding(at: patch.place, "patch '\(patch.subject)' " + message, notes: [note])
      if !findings.contains(finding) { findings.append(finding) }
    }
    for step in steps {
      for fact in step.requires {
        if let provider = providers[fact] {
          guard provider > step.patch else { continue }
          let subject = patches[provider].subject
          finding(
            step, "needs \(fact) (for \(step.file)), which only the later patch '\(subject)' provides",
            "move '\(patches[step.patch].id)' after '\(patches[provider].id)' in 'patches'")
        } else if !inBase.contains(fact) {
          finding(step, "needs \(fact) (for \(step.file)), which no patch provides", "described at \(step.place)")
        }
        if let remover = removers[fact], remover < step.patch {
          finding(
            step,
            "needs \(fact) (for \(step.file)), which the earlier patch '\(patches[remover].subject)' removes",
            "move '\(patches[step.patch].id)' before '\(patches[remover].id)' in 'patches'")
        }
      }
      for fact in step.retires {
        guard let remover = removers[fact], remover < step.patch else { continue }
        finding(
          step,
          "still uses \(fact) (in \(step.file)), which the earlier patch '\(patches[remover].subject)' removes",
          "move '\(patches[step.patch].id)' before '\(patches[remover].id)' in 'patches'")
      }
    }
    return findings
  }

  private func first(_ facts: KeyPath<Step, [String]>) -> [String: Int] {
    var result: [String: Int] = [:]
    for step in steps {
      for fact in step[keyPath: facts] { result[fact] = min(result[fact] ?? .max, step.patch) }
    }
    return result
  }
}
