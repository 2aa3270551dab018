import CSource
import Diagnostics

/// All drifts of a tree, each cause once.
struct Drifts {
  private(set) var findings: [Finding] = []
  /// The functions that have drifted, for each file that has.
  private var functions: [String: Set<String>] = [:]

  /// - Parameters:
  ///   - base: the file as the tree has it.
  ///   - function: the one that is not as described, or that an edit works on.
  mutating func add(_ mismatch: Mismatch, in base: SourceFile, function: String?, describedAt place: Place) {
    if let function, let drifted = functions[base.path] {
      // It failed before, or it is what an edit that failed would have made: nothing new.
      if drifted.contains(function) || !base.defines(function) { return }
    }
    functions[base.path, default: []].formUnion(function.map { [$0] } ?? [])
    let finding = Drift.finding(mismatch, describedAt: place)
    if !findings.contains(finding) { findings.append(finding) }
  }
}
