import Descriptions
import Diagnostics
import Kbuild

/// The file that describes the lanes.
enum LaneFile {
  /// The lanes of the file at `path`, or of `Templates/lanes.yaml` if `path` is nil.
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
        notes: ["run this in Seriesmith's folder, or name a lane file with --lanes"])
    }
    return root + "/lanes.yaml"
  }

  /// The lanes of `Templates/lanes.yaml` for a help text, if the file is found.
  static var help: String {
    guard let lanes = try? lanes(nil) else {
      return "  (Templates/lanes.yaml, with these, was not found)\n"
    }
    return lanes.map { lane in
      let condition = lane.paths.map { paths in
        paths.isEmpty ? " (only where --lane names it)" : " (for series that change \(paths.joined(separator: ", ")))"
      }
      return Columns.entry(lane.name, lane.why + (condition ?? ""), indent: 17)
    }.joined()
  }
}
