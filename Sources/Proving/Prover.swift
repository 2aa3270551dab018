public import Descriptions
public import Diagnostics
public import Git
public import Kbuild
import Processes
import Support
public import Verification

/// Proves that a series runs: builds a kernel for each of its states and boots it in a virtual machine. The repository
/// is only read.
public struct Prover {
  private let repository: Repository
  private let cache: String
  private let plan: ProofDescription
  private let jobs: Int
  private let sandboxing: Sandboxing
  private let progress: Progress

  /// - Parameters:
  ///   - cache: the cache folder, which keeps the base's checkout, the kernel's folder and the boot results.
  ///   - plan: what to build, boot and count.
  ///   - jobs: how many compilers or virtual machines may run at once; at least 1.
  ///   - sandboxing: when builds run in a sandbox.
  public init(
    repository: Repository, cache: String, plan: ProofDescription, jobs: Int, sandboxing: Sandboxing = .auto,
    progress: Progress = .silent
  ) {
    self.repository = repository
    self.cache = cache
    self.plan = plan
    self.jobs = max(1, jobs)
    self.sandboxing = sandboxing
    self.progress = progress
  }

  /// Builds and boots every state of a series, and compares them.
  ///
  /// - Parameters:
  ///   - text: a folder of patches, an mbox, a quilt queue, or a range `A..B`.
  ///   - base: the revision that the series applies to; a range has its own.
  /// - Throws: `Failure(.input)` if the source or revision cannot be read; `Failure(.falls)` if the series does not
  ///   apply; `Failure(.unavailable)` if the base cannot be built or the emulator fails; `Failure(.interrupted)`.
  public nonisolated(nonsending) func prove(
    _ text: String, base: String = "HEAD"
  ) async throws(Failure) -> ProveReport {
    let emulator = try await emulatorIdentity()
    let (source, rangeBase) = try await SeriesSource.read(text, in: repository)
    let commit = try repository.resolve(rangeBase ?? base)
    let states = try await SeriesStates(source, base: commit.tree, in: repository)
    guard states.findings.isEmpty else { throw Failure(.falls, states.findings) }

    let scratch = try await Scratch.make(in: cache)
    defer { withExtendedLifetime(scratch) {} }
    let tree = try await BaseCheckout.make(
      commit.tree, from: repository, cache: cache, scratch: scratch.path, progress: progress)
    // A series that changes programs of the build gets a folder of its own: the programs stay in it.
    let hostFiles = HostFiles(tree)
    let foreign = states.states.filter { state in
      state.changed.contains { hostFiles.contains($0, architecture: plan.lane.architectureFolder) }
    }
    let sandbox = try await sandboxing.sandbox(runsChanges: !foreign.isEmpty)
    let kbuild = Kbuild(cache: cache, progress: progress, jobs: jobs, sandbox: sandbox)
    let toolchain = try await kbuild.toolchainIdentity(of: plan.lane)
    let folder = try await KernelFolder.open(
      tree,
      identity: [toolchain, plan.lane.arch, plan.lane.target] + plan.lane.fragment + plan.lane.toolchain
        + foreign.map(\.tree),
      repository: repository, cache: cache, scratch: scratch.path, progress: progress)
    let initramfs = try await initramfs(kbuild, folder, scratch: scratch.path)
    let runner = StateRunner(
      plan: plan, kbuild: kbuild, store: VerdictStore(directory: "\(cache)/verdicts", temporary: scratch.path),
      slots: JobSlots(jobs), progress: progress, scratch: scratch.path, initramfs: initramfs.path,
      identity: [toolchain, emulator, initramfs.digest])
    let later = states.states.map { state in
      StateRunner.State(StateResult(index: state.index, subject: state.subject), changes: state.overlay)
    }
    let results = try await runner.run([(StateResult(index: 0), [:])] + later, in: folder)
    var report = ProveReport(
      results, trees: [commit.tree.hex] + states.states.map(\.tree), boots: plan.boots, counters: plan.counters)
    report.sandbox = Sandboxing.text(foreign.map(\.index), in: sandbox)
    return report
  }

  /// The emulator's version, as part of the key of boot results.
  private nonisolated(nonsending) func emulatorIdentity() async throws(Failure) -> String {
    let machine = plan.machine
    guard which(machine.emulator) != nil else {
      throw Failure(
        .unavailable, "\(machine.emulator) is not on PATH", notes: DebianPackage.advice(installing: [machine.package]))
    }
    return try await requireSuccess(
      Command(machine.emulator, ["--version"]), to: "ask \(machine.emulator) for its version"
    ).text
  }

  /// Compiles the machine's first process and the programs it runs into an initramfs, and returns its path and digest.
  private nonisolated(nonsending) func initramfs(
    _ kbuild: Kbuild, _ folder: borrowing KernelFolder, scratch: String
  ) async throws(Failure) -> (path: String, digest: String) {
    try folder.lay([:])
    let (source, build) = (folder.source, folder.build)
    let headers = try await folder.building { () async throws(Failure) in
      try await kbuild.programHeaders(of: plan.lane, source: source, in: build)
    }
    let selftests = folder.source.path + "/tools/testing/selftests"
    var archive = CpioArchive()
    for name in ["dev", "proc", "sys"] { archive.add(folder: name) }
    let programs = plan.programs.filter { folder.base.has($0.source) }.map { program in
      (program.name, "\(folder.source.path)/\(program.source)", program.libraries)
    }
    for (name, source, libraries) in [("init", plan.initFile, [])] + programs {
      let program = "\(scratch)/\(name)"
      try await requireSuccess(
        Command(
          "gcc",
          ["-static", "-O2", "-w", "-D_GNU_SOURCE=", "-isystem", headers, "-I", selftests, "-o", program, source]
            + libraries.map { "-l\($0)" }),
        to: "compile \(source)")
      archive.add(name, program: Files.read(program) ?? [])
    }
    let bytes = archive.finished()
    let path = scratch + "/initramfs"
    try Files.write(bytes, to: path)
    return (path, VerdictKey([String(decoding: bytes, as: UTF8.self)]).digest)
  }
}

extension ProofDescription {
  /// The kernel to boot, as a lane to build it in.
  public var lane: Lane {
    Lane(
      name: kernel.name, arch: kernel.arch, target: kernel.target, fragment: kernel.fragment,
      toolchain: kernel.toolchain, why: kernel.why)
  }
}
