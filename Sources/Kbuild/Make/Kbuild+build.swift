public import Diagnostics
import Processes
import Support

/// The result of building a unit in a lane.
public enum UnitBuild: Sendable, Hashable {
  /// The unit is built. `dependencies` are the files of the source tree that the compiler read, including the source, as
  /// sorted paths in the tree; `text` is what the compiler printed.
  case built(CompileCommand, dependencies: [String], text: String)
  /// The lane's configuration does not build the unit.
  case notConfigured
  /// The unit does not compile; `text` is what make printed about it.
  case failed(text: String)
}

extension Kbuild {
  /// Builds units in the lane, all with one make unless they exceed one command line.
  ///
  /// A unit built earlier is not built again, and keeps the output of its compiler.
  ///
  /// - Parameter units: objects as Kbuild and `CompileCommand.object` name them: "drivers/iommu/iommu.o".
  /// - Returns: an entry for each of `units`.
  /// - Throws: `Failure(.unavailable)` when make itself fails. A unit that does not compile is not an error.
  public func build(_ units: [String], in lane: PreparedLane) async throws(Failure) -> [String: UnitBuild] {
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    let records = LaneRecords(lane)
    var result: [String: UnitBuild] = [:]
    for unit in units {
      guard let built: Built = records.read(.built, unit) else { continue }
      result[unit] = .built(built.command, dependencies: built.dependencies, text: built.text)
    }
    let missing = units.filter { result[$0] == nil }
    guard !missing.isEmpty else { return result }
    let configured = try await configured(missing, in: lane)
    let log = try await lane.changing { () async throws(Failure) in try await compileAll(configured, in: lane) }
    for unit in missing {
      guard let link = configured.targets[unit] else {
        result[unit] = .notConfigured
        continue
      }
      let name = TreePaths.normalized(unit)
      let text = log.sections[name] ?? ""
      if log.failed.contains(name) || !Files.exists("\(lane.build)/\(unit)") {
        result[unit] = .failed(text: text.isEmpty ? log.rest : text)
      } else if let built = Self.built(unit, link, text, in: lane) {
        result[unit] = .built(built.command, dependencies: built.dependencies, text: text)
        try records.write(built, .built, unit)
      } else {
        result[unit] = .failed(text: "the .cmd file of \(unit) has no command that compiles a source")
      }
    }
    return result
  }

  /// The record of a built unit. The sources never change, so make need not check it again, which would take seconds for
  /// a single unit.
  private struct Built: Codable {
    var command: CompileCommand
    var dependencies: [String]
    var text: String
  }

  private static func built(_ unit: String, _ link: LinkTarget, _ text: String, in lane: PreparedLane) -> Built? {
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    guard let file = commandFile(of: unit, in: lane),
      let command = CompileCommand(line: file.command, object: unit, link: link, paths: paths)
    else { return nil }
    return Built(command: command, dependencies: file.treeFiles(paths).sorted(), text: text)
  }

  /// Those of `units` that the lane's configuration builds.
  private func configured(_ units: [String], in lane: PreparedLane) async throws(Failure) -> UnitGoals {
    let above = units.map { UnitList.folders(above: $0).filter { !$0.split(separator: "/").contains("..") } }
    let lists = try await self.units(of: Set(above.joined()), in: lane)
    var goals = UnitGoals()
    for (unit, folders) in zip(units, above) {
      for folder in folders {
        guard let list = lists[folder], let link = list.targets[unit] else { continue }
        goals.add(unit, link, in: folder, list)
        break
      }
    }
    return goals
  }

  private func compileAll(_ goals: UnitGoals, in lane: PreparedLane) async throws(Failure) -> MakeLog {
    var log = MakeLog("")
    for (objects, makefile) in goals.portions {
      let command = try make(objects, reading: makefile, in: lane)
      // One stream keeps the compiler's messages under the line that names the unit.
      var combined = lane.noting(command)
      combined.arguments = ["-c", "exec \"$@\" 2>&1", "sh", combined.executable] + combined.arguments
      combined.executable = "sh"
      let outcome = try await run(combined)
      let part = MakeLog(outcome.text)
      guard outcome.succeeded || !part.failed.isEmpty else {
        throw failure(of: command, outcome, to: "build units in the lane \(lane.lane.name)")
      }
      log.add(part)
    }
    return log
  }
}
