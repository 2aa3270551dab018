public import Diagnostics
public import Processes

/// When builds are kept in a sandbox.
public enum Sandboxing: String, Sendable, CaseIterable {
  /// From where on a series changes what a build runs: makefiles, Kconfig, scripts, tools.
  case auto
  case always
  case never

  /// The sandbox of a build; nil where there is to be none.
  ///
  /// - Parameter runsChanges: whether the build runs something that the series has changed.
  /// - Throws: `Failure(.unavailable)` when there is to be one and this machine has none.
  public func sandbox(runsChanges: Bool) async throws(Failure) -> Sandbox? {
    guard self == .always || self == .auto && runsChanges else { return nil }
    do throws(Failure) {
      return try await Sandbox.find()
    } catch {
      throw error.adding(notes: runsChanges ? ["the series changes what a build runs; --sandbox never lets it"] : [])
    }
  }

  /// What to tell of builds that ran something that the series has changed.
  ///
  /// - Parameter patches: those from which on they did.
  public static func text(_ patches: [Int], in sandbox: Sandbox?) -> String? {
    let place = sandbox.map { "in \($0.name)" } ?? "without a sandbox"
    guard !patches.isEmpty else { return sandbox == nil ? nil : "built \(place)" }
    let numbers = patches.map { "\($0)" }.joined(separator: ", ")
    return "what a build runs is changed by patch\(patches.count == 1 ? "" : "es") \(numbers), and was run \(place)"
  }
}
