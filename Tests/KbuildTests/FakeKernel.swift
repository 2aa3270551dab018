import Diagnostics
import FakeKernel
import Foundation
import Kbuild
import Processes
import Support

/// The fake kernel's files on disk, with a cache of its own.
final class FakeKernel: Sendable {
  let folder: String
  let source: SourceTree
  let paths: [String]
  let lane = Lane(
    name: "fake", arch: "fake", target: "allmodconfig",
    fragment: ["CONFIG_DRIVER=m", "CONFIG_OFF=n"], toolchain: ["LLVM=-19"], why: "a test")

  var cache: String { folder + "/cache" }
  var kbuild: Kbuild { Kbuild(cache: cache, progress: .silent, jobs: 2) }
  var makefiles: MakefileIndex {
    let path = source.path
    return MakefileIndex(paths: paths) { Files.read("\(path)/\($0)") }
  }

  init(_ changes: [String: String] = [:], name: String = "tree") throws {
    folder = NSTemporaryDirectory() + "kernel-\(UUID().uuidString)"
    let files = FakeKernelTree.files.merging(changes) { $1 }
    source = SourceTree(path: "\(folder)/\(name)", tree: "0123")
    paths = files.keys.sorted()
    for (name, text) in files {
      let path = "\(source.path)/\(name)"
      try Files.makeFolder((path as NSString).deletingLastPathComponent)
      try Files.write(text.utf8, to: path)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// All files of the lane's folder except Seriesmith's own.
  func contents(of lane: PreparedLane) throws -> [String: Data] {
    var result: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: lane.build)
    where !name.hasPrefix(".seriesmith") && !name.hasSuffix(".mk") {
      result[name] = FileManager.default.contents(atPath: "\(lane.build)/\(name)") ?? Data()
    }
    return result
  }
}
