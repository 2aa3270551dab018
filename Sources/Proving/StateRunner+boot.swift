import Descriptions
import Diagnostics
import FoundationEssentials
import Kbuild
import Processes
import Verification

extension StateRunner {
  /// A built kernel, and one way to boot it.
  struct Trip {
    var boot: BootDescription
    var key: VerdictKey
    /// The path of a copy of the image, safe from the next state's build.
    var image: String
    var machine: VirtualMachine
    var state: Int
    /// The state's name in progress output.
    var name: String
  }

  /// Boots a kernel and keeps the result at once, as the run may be interrupted while it builds other states.
  static func boot(
    _ trip: Trip, _ slots: JobSlots, _ store: VerdictStore, _ progress: Progress
  ) async -> Result<(VerdictKey, BootLog), Failure> {
    do throws(Failure) {
      let log = try await slots.withSlot { () async throws(Failure) in
        try await progress.step("Booting \(trip.name): \(trip.boot.name)", outcome: \.summary) {
          () async throws(Failure) in
          try await trip.machine.boot(trip.image, trip.boot)
        }
      }
      progress.report(.matrix(.done(column: trip.boot.name, row: trip.state, isBad: log.isBad)))
      // A machine that hung may only have been slow: do not keep that.
      if log.ending != .hung { try store.write(encoding: log, trip.key) }
      return .success((trip.key, log))
    } catch {
      return .failure(error)
    }
  }

  /// The key of a boot's result: everything that the result depends on.
  func key(_ boot: BootDescription, _ changes: FileChanges, in folder: borrowing KernelFolder) -> VerdictKey {
    let read = folder.filesRead
    let architecture = plan.lane.architectureFolder
    let relevant = changes.filter { change in
      read.contains(change.key) || KernelPaths.configures(change.key, architecture: architecture)
    }
    let machine = plan.machine
    return VerdictKey(
      ["prove 1", folder.base.id, plan.goal, boot.kernelArguments, machine.kernelArguments] + plan.lane.fragment
        + plan.lane.toolchain + machine.arguments + [boot.accelerator ?? ""] + boot.arguments + identity
        + relevant.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value.key] })
  }

  func stored(_ key: VerdictKey) -> BootLog? {
    store.value(key)
  }
}
