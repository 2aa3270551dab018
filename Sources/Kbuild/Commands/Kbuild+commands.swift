public import Diagnostics
import Processes
import Support

extension Kbuild {
  /// Finds how the lane compiles each source, without compiling anything.
  ///
  /// Kbuild answers two questions for all sources at once: what the folders' makefiles list, and, with `make -n`, what it
  /// would run for those objects. The answers are recorded in the lane's folder.
  ///
  /// - Parameters:
  ///   - sources: `.c` and `.S` files of the lane's source tree, as paths in it.
  ///   - makefiles: the makefiles of the lane's source tree; evaluated only if an answer is not recorded yet.
  /// - Returns: for each of `sources`, the commands of the objects that the lane's configuration builds from it. Objects
  ///   that need a vmlinux first, such as two of the boot wrapper's, are left out.
  /// - Throws: `Failure(.unavailable)` when make itself fails; `Failure(.interrupted)`.
  public func commands(
    for sources: [String], in lane: PreparedLane, makefiles: @autoclosure @Sendable () -> MakefileIndex
  ) async throws(Failure) -> [String: [CompileCommand]] {
    let records = LaneRecords(lane)
    var result: [String: [CompileCommand]] = [:]
    for source in sources { result[source] = records.read(.sources, source) }
    guard sources.contains(where: { result[$0] == nil }) else { return result }
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    // The run that held the lock may have recorded the same answers.
    for source in sources where result[source] == nil { result[source] = records.read(.sources, source) }
    let missing = Set(sources).filter { result[$0] == nil }.sorted()
    let found = try await ask(for: missing, in: lane, makefiles())
    for source in missing {
      let commands = found[source] ?? []
      result[source] = commands
      try records.write(commands, .sources, source)
    }
    return result
  }

  private func ask(
    for sources: [String], in lane: PreparedLane, _ makefiles: MakefileIndex
  ) async throws(Failure) -> [String: [CompileCommand]] {
    let records = LaneRecords(lane)
    let sources = sources.filter(TreePaths.isPlain)
    let folders = sources.reduce(into: Set<String>()) { $0.formUnion(makefiles.folders(listing: $1)) }
    let units = try await units(of: folders, in: lane)
    let wanted = Set(sources.map(Self.stem))
    var goals = UnitGoals()
    var found: [CompileCommand] = []
    // By folder, the objects without a source of the same name.
    var renamed: [String: [String]] = [:]
    for folder in folders.sorted() {
      let known: [CompileCommand]? = records.read(.renamed, folder)
      found += known ?? []
      renamed[folder] = known == nil ? [] : nil
      let listed = units[folder] ?? FolderUnits()
      for (object, link) in listed.targets {
        let stem = Self.stem(TreePaths.normalized(object))
        if wanted.contains(stem) {
          goals.add(object, link, in: folder, listed)
        } else if known == nil, !Self.hasSource(stem, in: lane.source) {
          goals.add(object, link, in: folder, listed)
          renamed[folder]?.append(object)
        }
      }
    }
    let answers = try await dryRun(goals, in: lane)
    found += answers.values
    for (folder, objects) in renamed {
      try records.write(objects.sorted().compactMap { answers[$0] }, .renamed, folder)
    }
    let asked = Set(sources)
    return Dictionary(grouping: found.filter { asked.contains($0.source) }, by: \.source).mapValues { commands in
      commands.sorted { $0.object < $1.object }
    }
  }

  /// The objects that makefiles list but that make has no rule for, such as those whose source does not exist; sorted.
  ///
  /// - Parameters:
  ///   - folders: the folders whose makefiles are asked.
  ///   - known: objects to leave out.
  /// - Throws: `Failure(.unavailable)` when make itself fails; `Failure(.interrupted)`.
  public func objectsWithoutRule(
    in folders: Set<String>, but known: Set<String>, of lane: PreparedLane
  ) async throws(Failure) -> [String] {
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    var goals = UnitGoals()
    for (folder, listed) in try await units(of: folders, in: lane) {
      for (object, link) in listed.targets where !known.contains(object) {
        if !Self.hasSource(Self.stem(TreePaths.normalized(object)), in: lane.source) {
          goals.add(object, link, in: folder, listed)
        }
      }
    }
    var missing: Set<String> = []
    for (objects, makefile) in goals.portions {
      let command = try make(objects, reading: makefile, in: lane, options: ["-n"])
      let outcome = try await run(command)
      guard case .exited = outcome.termination else { throw failure(of: command, outcome, to: "look for sources") }
      for match in outcome.errorText.matches(of: #/No rule to make target '([^']+)'/#) {
        let object = TreePaths.normalized(String(match.1))
        if goals.targets[object] != nil { missing.insert(object) }
      }
    }
    return missing.sorted()
  }

  /// The objects that the makefiles of folders list, whether they can be built or not.
  public func objects(in folders: Set<String>, of lane: PreparedLane) async throws(Failure) -> Set<String> {
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    return Set(try await units(of: folders, in: lane).values.flatMap(\.targets.keys))
  }

  /// The commands Kbuild would run for the objects, except those that compile no file of the source tree.
  private func dryRun(
    _ goals: UnitGoals, in lane: PreparedLane
  ) async throws(Failure) -> [String: CompileCommand] {
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    var result: [String: CompileCommand] = [:]
    for (objects, makefile) in goals.portions {
      let command = try make(objects, reading: makefile, in: lane, options: ["-n"])
      let outcome = try await run(command)
      try Self.requireAnswer(
        outcome, of: command, to: "say how it compiles the units of the lane \(lane.lane.name)", tolerant: true)
      for line in outcome.text.split(separator: "\n") where line.contains(" -c ") {
        for words in ShellWords.commands(line) {
          guard let object = CompileCommand.object(of: words), let link = goals.targets[object] else { continue }
          result[object] = CompileCommand(words, object: object, link: link, paths: paths)
        }
      }
    }
    // Kbuild prints nothing for an object that is up to date, but its `.cmd` file holds the command.
    for (object, link) in goals.targets where result[object] == nil {
      guard let file = Self.commandFile(of: object, in: lane) else { continue }
      result[object] = CompileCommand(line: file.command, object: object, link: link, paths: paths)
    }
    return result.filter { Files.exists("\(lane.source.path)/\($0.value.source)") }
  }

  /// A make command that builds each object in the folder that lists it. The caller must hold the lane's lock.
  func make(
    _ objects: [String], reading makefile: String, in lane: PreparedLane, options: [String] = []
  ) throws(Failure) -> Command {
    try make(
      lane.lane, source: lane.source, build: lane.build, options + objects, keepGoing: true,
      environment: ["MAKEFILES": LaneRecords(lane).write(makefile: makefile)])
  }

  static func commandFile(of object: String, in lane: PreparedLane) -> CommandFile? {
    Files.read("\(lane.build)/\(CommandFile.path(of: object))").flatMap {
      CommandFile(String(decoding: $0, as: UTF8.self))
    }
  }

  private static func hasSource(_ stem: String, in source: SourceTree) -> Bool {
    [".c", ".S", ".rs"].contains { Files.exists("\(source.path)/\(stem)\($0)") }
  }

  /// A path without its last suffix.
  private static func stem(_ path: String) -> String {
    String(path.lastIndex(of: ".").map { path[..<$0] } ?? path[...])
  }
}
