public import Diagnostics
import Processes
import Support

extension Kbuild {
  /// Configures the lanes for `source` and generates their headers, in parallel, unless that is already done.
  ///
  /// - Returns: the prepared lanes, in the order of `lanes`.
  /// - Throws: what `prepare` throws for the first lane that fails; the other lanes are then stopped.
  public func prepare(_ lanes: [Lane], source: SourceTree) async throws(Failure) -> [PreparedLane] {
    let width = max(1, min(lanes.count, jobs))
    let slots = JobSlots(width)
    let share = Kbuild(cache: cache, progress: progress, jobs: jobs / width, sandbox: sandbox)
    let outcome = await withTaskGroup(of: Result<(Int, PreparedLane), Failure>.self) { group in
      for (index, lane) in lanes.enumerated() {
        group.addTask {
          do throws(Failure) {
            return .success(
              try await slots.withSlot { () async throws(Failure) in
                (index, try await share.prepare(lane, source: source))
              })
          } catch {
            return .failure(error)
          }
        }
      }
      var prepared: [Int: PreparedLane] = [:]
      for await result in group {
        switch result {
        case .success(let (index, lane)): prepared[index] = lane
        case .failure(let failure):
          group.cancelAll()
          return Result<[Int: PreparedLane], Failure>.failure(failure)
        }
      }
      return .success(prepared)
    }
    let prepared = try outcome.get()
    return lanes.indices.compactMap { prepared[$0] }
  }

  /// Configures `lane` for `source` and generates its headers (25 s, 7 to 24 MB a lane), unless that is already done.
  ///
  /// The folder is complete if the record of its files, which is written last, exists and matches them. One that was
  /// damaged since, or where make was killed, is made anew. After an interruption make goes on where it stopped.
  ///
  /// - Throws: `Failure(.unavailable)` when a program is missing, when the source tree is not pristine, when Kbuild fails,
  ///   when a line of the lane's fragment does not hold in the final configuration, or when the folder is damaged and
  ///   another run is using it.
  public func prepare(_ lane: Lane, source: SourceTree) async throws(Failure) -> PreparedLane {
    let toolchain = Toolchain(lane)
    try toolchain.require(for: lane)
    let identity = Self.identity(lane, source, compiler: try await toolchain.identity())
    let folder = cache + "/lanes"
    // Kbuild's command lines hold the source's path.
    let key = SHA256.digest(of: "\(identity) \(source.path)".utf8).hexadecimal
    let build = "\(folder)/\(lane.name)-\(key.prefix(16))"
    let prepared = PreparedLane(lane: lane, source: source, build: build, identity: identity)
    if FileUse.begin(build), prepared.isWhole { return prepared }
    try Files.makeFolder(folder)
    let lock = try await lock(build, lane)
    defer { _ = lock }
    if FileUse.begin(build), prepared.isWhole { return prepared }
    try requirePristine(source)
    if !prepared.isHalted { try removeRemains(prepared) }
    try Files.makeFolder(LaneRecords.folder(in: build))
    FileUse.begin(build)
    try await progress.step("Preparing lane \(lane.name)", usually: "a minute") { () async throws(Failure) in
      try await prepared.preparing { () async throws(Failure) in
        let warnings: [KconfigWarning]? = LaneRecords(prepared).read(.configured, "kconfig")
        if warnings == nil { try await configure(prepared) }
        // `prepare` alone takes as long: `modules_prepare` adds only one linker script.
        try await make("modules_prepare", in: prepared, to: "prepare the lane \(lane.name)")
      }
    }
    try Self.recordGeneratedFiles(of: prepared)
    try prepared.noteWhole()
    return prepared
  }

  /// Removes the folder of a lane that is not whole. The caller must hold the lane's lock.
  private func removeRemains(_ lane: PreparedLane) throws(Failure) {
    FileUse.end(lane.build)
    let trash = lane.build + ".old"
    try Files.remove(trash)
    guard try FileUse.removeUnused(lane.build, to: trash) else {
      throw Failure(
        .unavailable, at: Place(lane.build),
        "the lane \(lane.lane.name) is damaged and must be prepared again, but another run is using it",
        notes: ["wait for that run to end, or end it; if there is none, remove the folder"])
    }
    try Files.remove(trash)
  }

  private static func identity(_ lane: Lane, _ source: SourceTree, compiler: String) -> String {
    // The number is the version of the folder's records.
    let parts = ["3", source.tree, lane.name, lane.arch, lane.target, compiler] + lane.fragment + lane.toolchain
    let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
    return SHA256.digest(of: text.utf8).hexadecimal
  }

  /// Kbuild refuses `O=` for a tree that was built in; report that before make does, with the remedy.
  private func requirePristine(_ source: SourceTree) throws(Failure) {
    for name in [".config", "include/config", "include/generated"] where Files.exists("\(source.path)/\(name)") {
      throw Failure(
        .unavailable, at: Place("\(source.path)/\(name)"), "the source tree has been built in",
        notes: ["run 'make mrproper' there, or use a pristine copy"])
    }
  }

  /// What Kconfig warned of when a lane was configured.
  public func kconfigWarnings(of lane: PreparedLane) -> [KconfigWarning] {
    LaneRecords(lane).read(.configured, "kconfig") ?? []
  }

  func configure(_ prepared: PreparedLane) async throws(Failure) {
    let lane = prepared.lane
    let fragment = prepared.build + "/seriesmith.config"
    let lines = lane.fragment.map { $0 + "\n" }.joined()
    try Files.write(lines.utf8, to: fragment)
    let purpose = "configure the lane \(lane.name)"
    let config = prepared.build + "/.config"
    let output: String
    if lane.target.hasPrefix("all") {
      // Kconfig sets the symbols in the file first and all others as the target asks, so one pass applies what the
      // fragment enables as well as what it disables.
      output = try await make(lane.target, in: prepared, to: purpose, environment: ["KCONFIG_ALLCONFIG": fragment])
    } else {
      try await make(lane.target, in: prepared, to: purpose)
      try Files.write((Files.read(config) ?? []) + Array(lines.utf8), to: config)
      output = try await make("olddefconfig", in: prepared, to: purpose)
    }
    let configuration = Configuration(String(decoding: Files.read(config) ?? [], as: UTF8.self))
    let broken = lane.fragment.filter { !configuration.holds($0) }
    guard broken.isEmpty else {
      throw Failure(
        .unavailable, "the lane \(lane.name) cannot be configured as its fragment asks",
        notes: broken.map { "expected \($0), found \(configuration.actual($0))" })
    }
    try LaneRecords(prepared).write(KconfigWarning.parse(output), .configured, "kconfig")
  }

  /// Makes a goal that prepares a lane.
  ///
  /// - Returns: what make and what it ran printed on standard error.
  @discardableResult
  private func make(
    _ goal: String, in prepared: PreparedLane, to purpose: String, environment: [String: String] = [:]
  ) async throws(Failure) -> String {
    let command = make(
      prepared.lane, source: prepared.source, build: prepared.build, [goal], environment: environment)
    let outcome = try await run(prepared.noting(command))
    guard outcome.succeeded else { throw failure(of: command, outcome, to: purpose) }
    return outcome.errorText
  }
}
