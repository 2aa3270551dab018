import Descriptions
import Diagnostics
import Kbuild

/// The file that says which lanes there are.
enum LaneFile {
  /// The lanes of `path`, or of `Templates/lanes.yaml` where none is given.
  static func lanes(_ path: String?) throws(Failure) -> [Lane] {
    let file = if let path { path } else { try standard() }
    return try LaneLoader.load(file).map { lane in
      Lane(
        name: lane.name, arch: lane.arch, target: lane.target, fragment: lane.fragment, toolchain: lane.toolchain,
        why: lane.why, paths: lane.paths)
    }
  }

  private static func standard() throws(Failure) -> String {
    guard let root = try? SeriesFolders.root() else {
      throw Failure(
        .usage, "there is no 'Templates/lanes.yaml' here or above",
        notes: ["run this in Seriesmith's folder, or name a file of lanes with --lanes"])
    }
    return root + "/lanes.yaml"
  }

  /// The lanes of `Templates/lanes.yaml` for a help text, where it can be found.
  static var help: String {
    guard let lanes = try? lanes(nil) else {
      return "  (Templates/lanes.yaml, where they are described, is not here)\n"
    }
    return lanes.map { lane in
      let condition = lane.paths.isEmpty ? "" : " (for series that change \(lane.paths.joined(separator: ", ")))"
      return Columns.entry(lane.name, lane.why + condition, indent: 17)
    }.joined()
  }
}
