import CSource
import Diagnostics

/// Collects the drifts of a tree and reports each cause once.
struct Drifts {
  private(set) var findings: [Finding] = []
  /// The drifted functions, by the path of each file with a drift.
  private var functions: [String: Set<String>] = [:]

  /// - Parameters:
  ///   - base: the unedited file.
  ///   - function: the function that is not as described, or that an edit works on.
  mutating func add(_ mismatch: Mismatch, in base: SourceFile, function: String?, describedAt place: Place) {
    if let function, let drifted = functions[base.path] {
      // The function is already reported, or a failed edit would have created it.
      if drifted.contains(function) || !base.defines(function) { return }
    }
    functions[base.path, default: []].formUnion(function.map { [$0] } ?? [])
    let finding = Drift.finding(mismatch, describedAt: place)
    if !findings.contains(finding) { findings.append(finding) }
  }
}
