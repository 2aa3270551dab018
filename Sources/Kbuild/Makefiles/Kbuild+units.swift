public import Diagnostics
import Processes
import Support

extension Kbuild {
  /// The objects that each folder's makefile builds in the lane, by folder. The caller must hold the lane's lock.
  func units(
    of folders: some Collection<String>, in lane: PreparedLane
  ) async throws(Failure) -> [String: FolderUnits] {
    let records = LaneRecords(lane)
    var result: [String: FolderUnits] = [:]
    for folder in folders { result[folder] = records.read(.folders, folder) }
    let missing = folders.filter { result[$0] == nil }.sorted()
    guard !missing.isEmpty else { return result }
    let makefile = try records.write(makefile: UnitList.makefile)
    for goals in Self.portions(missing.map(UnitList.goal)) {
      let command = make(
        lane.lane, source: lane.source, build: lane.build, ["-s"] + goals, keepGoing: true,
        environment: ["MAKEFILES": makefile])
      let outcome = try await run(command)
      try Self.requireAnswer(outcome, of: command, to: "list the units of the lane \(lane.lane.name)")
      let found = UnitList.parse(outcome.text)
      for (folder, units) in found { result[folder] = units }
    }
    for folder in missing {
      let units = result[folder] ?? FolderUnits()
      result[folder] = units
      try records.write(units, .folders, folder)
    }
    return result
  }

  /// The sources of a module's objects, sorted, if they have the objects' names.
  ///
  /// - Parameter module: the module as in `LinkTarget`: "drivers/iommu/iommufd/iommufd".
  /// - Throws: `Failure(.unavailable)` when make itself fails; `Failure(.interrupted)`.
  public func sources(of module: String, in lane: PreparedLane) async throws(Failure) -> [String] {
    let folder = String(module.prefix(upTo: module.lastIndex(of: "/") ?? module.startIndex))
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    let objects = try await units(of: [folder], in: lane)[folder]?.targets.filter { $0.value == .module(module) } ?? [:]
    return objects.keys.map { TreePaths.normalized($0).dropLast(2) }.sorted().compactMap { stem in
      [".c", ".S"].map { stem + $0 }.first { Files.exists("\(lane.source.path)/\($0)") }
    }
  }

  /// Throws if a `make -k` failed for any reason other than unknown goals.
  static func requireAnswer(
    _ outcome: Outcome, of command: Command, to purpose: String, tolerant: Bool = false
  ) throws(Failure) {
    guard case .exited = outcome.termination else { throw failure(of: command, outcome, to: purpose) }
    let errors = MakeErrors.serious(outcome.errorText, tolerant: tolerant)
    guard errors.isEmpty else {
      throw Failure(.unavailable, "Kbuild cannot \(purpose)", notes: Array(errors.prefix(12)))
    }
  }

  /// Splits goals into portions that fit on a command line: Kbuild passes them to its sub-makes in one shell argument,
  /// which Linux limits to 128 KiB.
  static func portions(_ goals: [String], limit: Int = 60_000) -> [[String]] {
    var portions: [[String]] = []
    var room = 0
    for goal in goals {
      // Kbuild puts "./" before a goal.
      let size = goal.utf8.count + 3
      if size > room {
        portions.append([])
        room = limit
      }
      portions[portions.count - 1].append(goal)
      room -= size
    }
    return portions
  }
}
