import ArgumentParser
import Diagnostics
import Kbuild
import Verification

/// `--lanes`: the file that describes the lanes.
struct LaneFileOption: ParsableArguments {
  @Option(
    name: .customLong("lanes"),
    help: ArgumentHelp("The file that describes the lanes. (default: Templates/lanes.yaml)", valueName: "file"),
    completion: .yaml)
  var path: String?
}

/// `--lane` and `--lanes`: where commits are compiled.
struct LaneOptions: ParsableArguments {
  @Option(
    name: .customLong("lane"), parsing: .singleValue,
    help: ArgumentHelp("A lane to compile in; may be repeated. (default: all the series needs)", valueName: "name"),
    completion: .lanes)
  var names: [String] = []

  @OptionGroup var file: LaneFileOption

  /// The chosen lanes; none if nothing is compiled at this depth. A lane that is named is used whatever the series
  /// changes.
  func lanes(at depth: Depth) throws(Failure) -> [Lane] {
    guard depth >= .compile || !names.isEmpty else { return [] }
    let all = try LaneFile.lanes(file.path)
    let known = all.map(\.name)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw Failure(
        .usage, "there is no lane '\(unknown)'", notes: ["the lanes are: " + known.joined(separator: ", ")])
    }
    if names.isEmpty { return all }
    return all.filter { names.contains($0.name) }.map { lane in
      var lane = lane
      lane.paths = nil
      return lane
    }
  }
}
