import Descriptions
import Diagnostics

/// The series' steps in the order of its patches, with that order checked: every patch finds the facts it requires, and
/// removes only unused ones.
struct Plan: Sendable {
  private(set) var patches: [PatchDescription] = []
  /// The steps in the order of execution: patch by patch, and within a patch as described.
  private(set) var steps: [Step] = []
  private let series: SeriesDescription
  private let split: Split
  private var described: [Step] = []

  /// Plans every form of every file.
  ///
  /// - Throws: status 65 if a step names an unknown patch, or the order of the patches does not hold.
  init(_ series: SeriesDescription, split: Split = .described) throws(Failure) {
    self.series = series
    self.split = split
    var findings: [Finding] = []
    for file in series.files.flatMap(\.forms) {
      let kind = file.kind.flatMap { series.kinds[$0] }
      for step in (kind?.steps ?? []) + file.steps {
        do {
          described.append(try Step(step, of: file, in: series, split: split))
        } catch {
          findings += error.findings
        }
      }
    }
    arrange()
    findings += orderFindings()
    guard findings.isEmpty else { throw Failure(.input, findings) }
  }

  /// The part of the plan that applies to a tree.
  ///
  /// - Throws: status 65 if the order of the patches does not hold on that tree.
  func fitted(to fitting: Fitting) throws(Failure) -> Plan {
    var plan = self
    let forms = Set(fitting.series.files.map(\.name))
    plan.described.removeAll { !forms.contains($0.form) }
    plan.arrange()
    // A missing file might provide what others require: report only the missing file.
    let findings = fitting.findings.isEmpty ? plan.orderFindings() : []
    guard findings.isEmpty else { throw Failure(.input, findings) }
    return plan
  }

  private mutating func arrange() {
    (patches, steps) = (series.patches(in: split), described)
    separate()
    steps = steps.enumerated().sorted {
      ($0.element.patch, $0.element.rank, $0.offset) < ($1.element.patch, $1.element.rank, $1.offset)
    }.map(\.element)
  }

  /// Moves each part that has texts for a separate patch into one, after the rest of the original patch.
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

  private func orderFindings() -> [Finding] {
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
