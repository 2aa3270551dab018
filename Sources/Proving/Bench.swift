import Diagnostics
import FoundationEssentials
import Kbuild
import Processes
import Verification

/// Where the states of a series are built and booted, one after another.
struct Bench {
  let plan: ProofPlan
  let kbuild: Kbuild
  let store: VerdictStore
  let slots: JobSlots
  let progress: Progress
  /// A folder of this run's own.
  let scratch: String
  /// The path of the archive that kernels start from.
  let initramfs: String
  /// What else the boots depend on: the toolchain, the emulator, what is in the archive.
  let identity: [String]
  /// The index of the series' last state.
  let last: Int
  /// Found when there is a kernel to try it with.
  private var machine: VirtualMachine?

  init(
    plan: ProofPlan, kbuild: Kbuild, store: VerdictStore, slots: JobSlots, progress: Progress, scratch: String,
    initramfs: String, identity: [String], last: Int
  ) {
    self.plan = plan
    self.kbuild = kbuild
    self.store = store
    self.slots = slots
    self.progress = progress
    self.scratch = scratch
    self.initramfs = initramfs
    self.identity = identity
    self.last = last
  }

  /// Builds a state, unless all its boots are known, and boots it.
  mutating func run(
    _ state: StateRun, changes: FileChanges, in folder: borrowing KernelFolder
  ) async throws(Failure) -> StateRun {
    var state = state
    var changes = changes
    for addition in plan.additions where try addition.add(to: &changes, of: folder.base) {
      state.additions.insert(addition.name)
    }
    let boots = plan.boots.filter { !$0.onlyEnds || state.index == 0 || state.index == last }
    // Before a first build nobody knows what a kernel is made of.
    if !folder.filesRead.isEmpty {
      for boot in boots { state.logs[boot.name] = stored(key(boot, changes, in: folder)) }
    }
    let missing = boots.filter { state.logs[$0.name] == nil }
    guard !missing.isEmpty else { return state }

    let name = state.index == 0 ? "the base" : "state \(state.index)/\(last)"
    try folder.lay(changes)
    let built = try await progress.step("Building \(name)") { () async throws(Failure) in
      try await kbuild.image(plan.goal, of: plan.lane, source: folder.source, in: folder.build)
    }
    if case .failed(let lines) = built {
      guard state.index > 0 else { throw Failure(.unavailable, "the base's kernel does not build", notes: lines) }
      state.buildErrors = lines
      return state
    }
    try folder.noteFilesRead(kbuild.filesRead(source: folder.source, in: folder.build))
    let image = "\(folder.build)/\(plan.image)"
    let machine = try await workingMachine(image)
    for (boot, log) in try await boot(missing, of: image, in: machine, name) {
      state.logs[boot.name] = log
      // A machine that hung may have been a slow one.
      if log.ending != .hung { try keep(log, key(boot, changes, in: folder)) }
    }
    return state
  }

  private mutating func workingMachine(_ image: String) async throws(Failure) -> VirtualMachine {
    if let machine { return machine }
    let found = try await VirtualMachine.working(
      plan.machine, initramfs: initramfs, scratch: scratch, image: image)
    machine = found
    return found
  }

  /// Boots the kernel in every way that is asked for, side by side.
  private func boot(
    _ boots: [Boot], of image: String, in machine: VirtualMachine, _ name: String
  ) async throws(Failure) -> [(Boot, BootLog)] {
    let (slots, progress) = (slots, progress)
    let result = await withTaskGroup(of: Result<(Boot, BootLog), Failure>.self) { group in
      for boot in boots {
        group.addTask {
          do throws(Failure) {
            let log = try await slots.withSlot { () async throws(Failure) in
              try await progress.step("Booting \(name): \(boot.name)", outcome: \.summary) { () async throws(Failure) in
                try await machine.boot(image, boot)
              }
            }
            return .success((boot, log))
          } catch {
            return .failure(error)
          }
        }
      }
      var logs: [(Boot, BootLog)] = []
      for await result in group {
        switch result {
        case .success(let log): logs.append(log)
        case .failure(let failure):
          group.cancelAll()
          return Result<[(Boot, BootLog)], Failure>.failure(failure)
        }
      }
      return .success(logs)
    }
    return try result.get()
  }

  /// The key of what a boot shows: everything in which the state's kernel can differ from others.
  private func key(_ boot: Boot, _ changes: FileChanges, in folder: borrowing KernelFolder) -> VerdictKey {
    let read = folder.filesRead
    let architecture = plan.lane.architectureFolder
    let relevant = changes.filter { change in
      read.contains(change.key) || KernelSource.configures(change.key, architecture: architecture)
    }
    let machine = plan.machine
    return VerdictKey(
      ["prove 1", folder.base.id, plan.goal, boot.kernelArguments, machine.kernelArguments] + plan.lane.fragment
        + plan.lane.toolchain + machine.arguments + identity
        + relevant.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value.key] })
  }

  private func stored(_ key: VerdictKey) -> BootLog? {
    store.read(key).flatMap { try? JSONDecoder().decode(BootLog.self, from: Data($0)) }
  }

  private func keep(_ log: BootLog, _ key: VerdictKey) throws(Failure) {
    do {
      try store.write(Array(JSONEncoder().encode(log)), key)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.unavailable, "cannot remember what a boot showed", notes: ["\(error)"])
    }
  }
}

extension BootLog {
  /// A few words for the end of a step.
  var summary: String {
    let failed = tests.count { $0.verdict == .failed }
    let passed = "\(tests.count { $0.verdict == .passed }) passed"
    let text = failed == 0 ? passed : "\(passed), \(failed) failed"
    return ending == .finished ? text : "\(ending.rawValue), \(text)"
  }
}
