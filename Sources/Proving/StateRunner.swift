import Descriptions
import Diagnostics
import Kbuild
import Processes
import Support
import Verification

/// The results of building and booting a state of a series.
struct StateResult: Hashable, Sendable {
  /// 0 is the base.
  var index: Int
  /// The patch's subject; nil for the base.
  var subject: String?
  /// The names of the additions in its tree.
  var additions: Set<String> = []
  /// The boots' results, by the boot's name.
  var logs: [String: BootLog] = [:]
  /// The end of make's output if the kernel does not build.
  var buildErrors: [String]?
}

/// Builds the states of a series one after another, and boots finished ones meanwhile.
struct StateRunner {
  let plan: ProofDescription
  let kbuild: Kbuild
  let store: VerdictStore
  let slots: JobSlots
  let progress: Progress
  /// A folder that only this run uses.
  let scratch: String
  /// The path of the initramfs.
  let initramfs: String
  /// What else the boots depend on: the toolchain, the emulator, the contents of the initramfs.
  let identity: [String]

  /// A state, and the changes of its tree to the base's.
  typealias State = (result: StateResult, changes: FileChanges)

  /// The matrix column for builds; the others have the boots' names.
  private static let building = "build"

  /// Whether a boot includes the state.
  private static func isBooted(_ index: Int, of count: Int, for boot: BootDescription) -> Bool {
    boot.states == .all || index == 0 || index == count - 1
  }

  private func beginMatrix(_ states: [State]) {
    let rows = states.map { state in
      state.result.subject.map { "\(state.result.index)/\(states.count - 1) \($0)" } ?? "the base"
    }
    progress.report(.matrix(.began(rows: rows, columns: [Self.building] + plan.boots.map(\.name))))
    progress.report(.matrix(.planned(column: Self.building, units: states.map { _ in 1 })))
    for boot in plan.boots {
      let units = states.indices.map { Self.isBooted($0, of: states.count, for: boot) ? 1 : 0 }
      progress.report(.matrix(.planned(column: boot.name, units: units)))
    }
  }

  /// Builds and boots the states, the base first. A boot of the same kernel with a kept result is not repeated.
  ///
  /// The last state comes right after the base: these two have more boots than the others, which take longest and can
  /// run while the others are built.
  func run(
    _ states: [State], in folder: borrowing KernelFolder
  ) async throws(Failure) -> [StateResult] {
    var results = states.map(\.result)
    let last = states.count - 1
    // The boots of each state, and the boots' results.
    var keys: [[String: VerdictKey]] = states.map { _ in [:] }
    var logs: [VerdictKey: BootLog] = [:]
    var machine: VirtualMachine?
    let (slots, store, progress) = (slots, store, progress)
    beginMatrix(states)
    defer { progress.report(.matrix(.ended)) }
    let failure = await withTaskGroup(of: Result<(VerdictKey, BootLog), Failure>.self) { group -> Failure? in
      do throws(Failure) {
        var begun: Set<VerdictKey> = []
        for index in last == 0 ? [0] : [0, last] + (1..<last) {
          let name = index == 0 ? "the base" : "state \(index)/\(last)"
          let changes = try changes(of: &results[index], states[index].changes, in: folder)
          let boots = plan.boots.filter { Self.isBooted(index, of: states.count, for: $0) }
          // Before the first build, the files that a kernel is built from are unknown.
          if !folder.filesRead.isEmpty {
            for boot in boots { keys[index][boot.name] = key(boot, changes, in: folder) }
            for key in keys[index].values where logs[key] == nil { logs[key] = stored(key) }
          }
          let missing = boots.filter { boot in
            keys[index][boot.name].map { logs[$0] == nil && !begun.contains($0) } ?? true
          }
          for boot in boots where !missing.contains(where: { $0.name == boot.name }) {
            let log = keys[index][boot.name].flatMap { logs[$0] }
            progress.report(.matrix(.done(column: boot.name, row: index, isBad: log?.isBad ?? false)))
          }
          let image = missing.isEmpty ? nil : try await build(&results[index], changes, name, in: folder)
          let isBroken = results[index].buildErrors != nil
          progress.report(.matrix(.done(column: Self.building, row: index, isBad: isBroken)))
          guard let image else { continue }
          if machine == nil { machine = try await workingMachine(image) }
          guard let machine else { continue }
          for boot in missing {
            let trip = Trip(
              boot: boot, key: key(boot, changes, in: folder), image: image, machine: machine, state: index, name: name)
            keys[index][boot.name] = trip.key
            begun.insert(trip.key)
            group.addTask { await Self.boot(trip, slots, store, progress) }
          }
        }
        for await result in group {
          let (key, log) = try result.get()
          logs[key] = log
        }
        return nil
      } catch {
        group.cancelAll()
        return error
      }
    }
    if let failure { throw failure }
    for index in results.indices { results[index].logs = keys[index].compactMapValues { logs[$0] } }
    return results
  }

  /// The changes of a state's tree to the base's, including the additions that it is ready for.
  private func changes(
    of result: inout StateResult, _ changes: FileChanges, in folder: borrowing KernelFolder
  ) throws(Failure) -> FileChanges {
    var changes = changes
    for addition in plan.additions where try addition.add(to: &changes, of: folder.base) {
      result.additions.insert(addition.name)
    }
    return changes
  }

  /// Builds a state.
  ///
  /// - Returns: the path of its image; nil if it does not build, with the errors in `result`.
  /// - Throws: `Failure(.unavailable)` if the base does not build.
  private func build(
    _ result: inout StateResult, _ changes: FileChanges, _ name: String, in folder: borrowing KernelFolder
  ) async throws(Failure) -> String? {
    try folder.lay(changes)
    let (source, build) = (folder.source, folder.build)
    let built = try await folder.building { () async throws(Failure) in
      try await progress.step("Building \(name)", usually: Self.usual(result.index)) { () async throws(Failure) in
        try await kbuild.image(plan.goal, of: plan.lane, source: source, in: build)
      }
    }
    if case .failed(let lines) = built {
      guard result.index > 0 else { throw Failure(.unavailable, "the base's kernel does not build", notes: lines) }
      result.buildErrors = lines
      return nil
    }
    try folder.noteFilesRead(kbuild.filesRead(source: source, in: build))
    let image = "\(scratch)/image-\(result.index)"
    guard let bytes = Files.read("\(build)/\(plan.image)") else {
      throw Failure(.unavailable, "make \(plan.goal) made no \(plan.image)")
    }
    try Files.write(bytes, to: image)
    return image
  }

  /// Measured with two processors: a whole kernel, then what a patch affects.
  private static func usual(_ state: Int) -> String { state == 0 ? "ten minutes" : "a minute or two" }

  private func workingMachine(_ image: String) async throws(Failure) -> VirtualMachine {
    try await VirtualMachine.working(plan.machine, initramfs: initramfs, image: image)
  }
}
