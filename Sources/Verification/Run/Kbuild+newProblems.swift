import CSource
import Diagnostics
import Kbuild

extension Kbuild {
  /// What a state breaks of a lane's configuration and of its makefiles' lists.
  ///
  /// - Parameters:
  ///   - lane: the lane as the state configures it.
  ///   - before: the lane as it was configured before.
  ///   - changed: the files that the state changes.
  ///   - contents: returns the bytes of a file of the state.
  func newProblems(
    of lane: PreparedLane, since before: PreparedLane, changed: [String], contents: (String) -> [UInt8]?
  ) async throws(Failure) -> [Finding] {
    let old = kconfigWarnings(of: before)
    let kconfig = kconfigWarnings(of: lane).filter { warning in
      !old.contains { $0.message == warning.message && $0.file == warning.file }
    }
    var found = kconfig.map { warning in
      let place = warning.file ?? changed.first { KernelPaths.isKconfig($0) }
      return Finding(at: place.map { Place($0, line: warning.line) }, warning.message, notes: warning.notes)
    }
    // A source that goes while its folder's makefile stays is found the same way.
    let folders = Set(changed.filter { KernelPaths.isMakefile($0) || contents($0) == nil }.map(KernelPaths.folder))
    guard !folders.isEmpty else { return found }
    let known = try await objects(in: folders, of: before).filter { object in
      let stem = object.dropLast(2)
      return !changed.contains { $0.hasPrefix(stem) && $0.dropFirst(stem.count).first == "." }
    }
    for object in try await objectsWithoutRule(in: folders, but: known, of: lane) {
      let makefile = changed.first { KernelPaths.isMakefile($0) && object.hasPrefix(KernelPaths.folder($0) + "/") }
      let name = String(object.split(separator: "/").last ?? "")
      let line = makefile.flatMap(contents).flatMap { bytes in
        WordPositions.of(String(name.dropLast(2)), in: bytes).first.map { WordPositions.line(of: $0, in: bytes) }
      }
      found.append(
        Finding(
          at: (makefile ?? changed.first { contents($0) == nil }).map { Place($0, line: line) },
          "No rule to make target '\(object)'",
          notes: ["a makefile lists it, and the tree has no \(object.dropLast(2)).c or .S at this commit"]))
    }
    return found
  }
}
