public import Diagnostics
public import Processes

/// When builds run in a sandbox.
public enum Sandboxing: String, Sendable, CaseIterable {
  /// From the first patch on that changes what a build runs: makefiles, Kconfig, scripts, tools.
  case auto
  case always
  case never

  /// The sandbox for a build; nil for a build without one.
  ///
  /// - Parameter runsChanges: whether the build runs something that the series has changed: when a lane is prepared,
  ///   `KernelPaths.configures` tells; when a kernel is built to be booted, `HostFiles`.
  /// - Throws: `Failure(.unavailable)` when the build needs a sandbox and this machine has none.
  public func sandbox(runsChanges: Bool) async throws(Failure) -> Sandbox? {
    guard self == .always || self == .auto && runsChanges else { return nil }
    do throws(Failure) {
      return try await Sandbox.find()
    } catch {
      throw error.adding(
        notes: runsChanges ? ["the series changes what a build runs; --sandbox never builds without a sandbox"] : [])
    }
  }

  /// What the report says about the sandbox; nil when nothing changed ran and there was no sandbox.
  ///
  /// - Parameter patches: the patches that change what a build runs, one-based.
  public static func text(_ patches: [Int], in sandbox: Sandbox?) -> String? {
    let place = sandbox.map { "in \($0.name)" } ?? "without a sandbox"
    guard !patches.isEmpty else { return sandbox == nil ? nil : "built \(place)" }
    let numbers = patches.map { "\($0)" }.joined(separator: ", ")
    let changes = patches.count == 1 ? "patch \(numbers) changes" : "patches \(numbers) change"
    return "\(changes) what a build runs, and the build ran \(place)"
  }
}
