public import Diagnostics
import FoundationEssentials
import Processes

/// What came of building a unit in a lane.
public enum UnitBuild: Sendable, Hashable {
  /// It is built; `text` is what the compiler printed when it was.
  case built(CompileCommand, text: String)
  /// The lane's configuration does not have it.
  case notConfigured
  /// It does not compile; `text` is what make printed about it.
  case failed(text: String)
}

extension Kbuild {
  /// Builds the units in the lane, with one make for all.
  ///
  /// A unit that is built already is not built again, and keeps what the compiler printed the first time.
  ///
  /// - Parameter units: objects, as paths in the build folder: "drivers/iommu/iommu.o".
  /// - Returns: an entry for each of `units`.
  /// - Throws: `Failure(.unavailable)` when make itself fails. A unit that does not compile is a result.
  public func build(_ units: [String], in lane: PreparedLane) async throws(Failure) -> [String: UnitBuild] {
    let lock = try await lock(lane.build, lane.lane)
    defer { _ = lock }
    var result: [String: UnitBuild] = [:]
    for unit in units { result[unit] = Self.record(of: unit, in: lane) }
    let missing = units.filter { result[$0] == nil }
    guard !missing.isEmpty else { return result }
    let configured = try await configured(missing, in: lane)
    let log = try await compileAll(Set(missing).intersection(configured).sorted(), in: lane)
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    for unit in missing {
      guard configured.contains(unit) else {
        result[unit] = .notConfigured
        continue
      }
      let text = log.sections[unit] ?? ""
      if log.failed.contains(unit) || !Files.exists("\(lane.build)/\(unit)") {
        result[unit] = .failed(text: text.isEmpty ? log.rest : text)
      } else if let command = Self.command(unit, in: lane, paths) {
        result[unit] = .built(command, text: text)
        if let data = try? JSONEncoder().encode(Built(command: command, text: text)) {
          try Files.write(data, to: Self.recordFile(unit, in: lane))
        }
      } else {
        result[unit] = .failed(text: "Kbuild's .cmd file of \(unit) holds no compilation of a C source")
      }
    }
    return result
  }

  /// What is kept of a unit that was built. The sources never change, so make need not look at it again, which would
  /// take seconds for a single unit.
  private struct Built: Codable {
    var command: CompileCommand
    var text: String
  }

  private static func recordFile(_ unit: String, in lane: PreparedLane) -> String {
    "\(lane.build)/\(unit).seriesmith.json"
  }

  private static func record(of unit: String, in lane: PreparedLane) -> UnitBuild? {
    guard let bytes = Files.read(recordFile(unit, in: lane)),
      let built = try? JSONDecoder().decode(Built.self, from: Data(bytes))
    else { return nil }
    return .built(built.command, text: built.text)
  }

  /// Those of `units` that the lane's configuration has.
  private func configured(_ units: [String], in lane: PreparedLane) async throws(Failure) -> Set<String> {
    let record = lane.build + "/.units.json"
    var known: [String: Set<String>] = [:]
    if let bytes = Files.read(record) {
      known = (try? JSONDecoder().decode([String: Set<String>].self, from: Data(bytes))) ?? [:]
    }
    let folders = Set(units.flatMap { UnitList.folders(above: $0) })
    let missing = folders.subtracting(known.keys).sorted()
    if !missing.isEmpty {
      let makefile = lane.build + "/.units.mk"
      try Files.write(UnitList.makefile.utf8, to: makefile)
      let command = make(
        lane.lane, source: lane.source, build: lane.build, ["-s"] + missing.map(UnitList.goal), keepGoing: true,
        environment: ["MAKEFILES": makefile])
      let outcome = try await run(command)
      let errors = UnitList.realErrors(outcome.errorText)
      guard errors.isEmpty else {
        throw Failure(
          .unavailable, "Kbuild cannot list the units of the lane \(lane.lane.name)", notes: Array(errors.prefix(12)))
      }
      let found = UnitList.parse(outcome.text)
      for folder in missing { known[folder] = found[folder] ?? [] }
      if let data = try? JSONEncoder().encode(known) { try Files.write(data, to: record) }
    }
    return folders.reduce(into: []) { $0.formUnion(known[$1] ?? []) }
  }

  private func compileAll(_ units: [String], in lane: PreparedLane) async throws(Failure) -> MakeLog {
    guard !units.isEmpty else { return MakeLog("") }
    let command = make(lane.lane, source: lane.source, build: lane.build, units, keepGoing: true)
    // One stream, so that what the compiler says stays under the line that names the unit.
    var combined = command
    combined.executable = "sh"
    combined.arguments = ["-c", "exec \"$@\" 2>&1", "sh", command.executable] + command.arguments
    let outcome = try await run(combined)
    let log = MakeLog(outcome.text)
    guard outcome.succeeded || !log.failed.isEmpty else {
      throw failure(of: command, outcome, to: "build units in the lane \(lane.lane.name)")
    }
    return log
  }

  private static func command(_ unit: String, in lane: PreparedLane, _ paths: TreePaths) -> CompileCommand? {
    let slash = unit.lastIndex(of: "/").map { unit.index(after: $0) } ?? unit.startIndex
    let path = "\(lane.build)/\(unit[..<slash]).\(unit[slash...]).cmd"
    guard let bytes = Files.read(path) else { return nil }
    return CompileCommand(cmdFile: String(decoding: bytes, as: UTF8.self), object: unit, paths: paths)
  }
}
