public import Diagnostics
import Yams

/// Loads a file of lanes, such as `Templates/lanes.yaml`.
public enum LaneLoader {
  /// Loads the lanes of a file.
  ///
  /// - Returns: the lanes in the file's order.
  /// - Throws: status 65, with the place of the first error.
  public static func load(_ file: String) throws(Failure) -> [LaneDescription] {
    let (reader, root) = try YAMLReader.map(try SeriesLoader.read(file), file: file)
    let fields = try reader.fields(root, "the file of lanes", keys: ["common", "lanes"])
    var common = nothing
    if fields.has("common") {
      let part = try reader.fields(try fields.required("common"), "'common'", keys: ["toolchain", "fragment"])
      common.toolchain = try toolchain(part) ?? []
      common.fragment = try fragment(part)
    }
    var lanes: [LaneDescription] = []
    for node in try reader.list(try fields.required("lanes"), "'lanes'") {
      let lane = try self.lane(node, reader, common)
      guard !lanes.contains(where: { $0.name == lane.name }) else {
        throw reader.error(node, "there are two lanes '\(lane.name)'")
      }
      lanes.append(lane)
    }
    guard !lanes.isEmpty else { throw Failure(.input, at: fields.place("lanes"), "'lanes' lists no lane") }
    return lanes
  }

  /// The common part of a file that has none.
  private static let nothing = LaneDescription(
    name: "", arch: "", target: "", fragment: [], toolchain: [], why: "", paths: nil)

  static func lane(
    _ node: Node, _ reader: YAMLReader, _ common: LaneDescription = nothing
  ) throws(Failure) -> LaneDescription {
    let fields = try reader.fields(
      node, "a lane", keys: ["name", "arch", "target", "fragment", "toolchain", "why", "for"])
    var lane = common
    lane.name = try fields.text("name")
    guard !lane.name.isEmpty, lane.name.utf8.allSatisfy(isPlain) else {
      throw Failure(
        .input, at: fields.place("name"), "'\(lane.name)' cannot be the name of a lane",
        notes: ["a lane's name is made of letters, digits, '-', '_' and '.': it names a folder and a column"])
    }
    lane.arch = try fields.text("arch")
    lane.target = try fields.text("target")
    lane.why = try fields.text("why")
    lane.fragment += try fragment(fields)
    lane.toolchain = try toolchain(fields) ?? common.toolchain
    guard !lane.toolchain.isEmpty else {
      throw Failure(
        .input, at: fields.place, "the lane '\(lane.name)' has no toolchain",
        notes: ["give it a 'toolchain', or give all lanes one under 'common': [LLVM=-19]"])
    }
    if fields.has("for") { lane.paths = [] }
    for node in try fields.listIfPresent("for") {
      let path = try reader.text(node, "an entry of 'for'")
      guard !path.isEmpty, !path.hasPrefix("/"), !path.hasPrefix("./") else {
        throw reader.error(node, "'\(path)' must be a path in the kernel's tree, such as arch/riscv/")
      }
      lane.paths?.append(path)
    }
    return lane
  }

  /// Lines of a `.config`; Kconfig would silently ignore anything else.
  private static func fragment(_ fields: Fields) throws(Failure) -> [String] {
    var lines: [String] = []
    for node in try fields.listIfPresent("fragment") {
      let line = try fields.reader.text(node, "an entry of 'fragment'")
      let symbol = line.prefix { $0 != "=" }
      guard line.hasPrefix("CONFIG_"), symbol.utf8.dropFirst(7).allSatisfy(isSymbol), symbol != line[...] else {
        throw fields.reader.error(
          node, "'\(line)' is not a configuration line", notes: ["write CONFIG_NAME=y, =m, =n or =value"])
      }
      lines.append(line)
    }
    return lines
  }

  private static func toolchain(_ fields: Fields) throws(Failure) -> [String]? {
    guard fields.has("toolchain") else { return nil }
    var variables: [String] = []
    for node in try fields.listIfPresent("toolchain") {
      let variable = try fields.reader.text(node, "an entry of 'toolchain'")
      guard variable.hasPrefix("LLVM=") || variable.hasPrefix("CROSS_COMPILE=") || variable.hasPrefix("LLVM_IAS=")
      else {
        throw fields.reader.error(
          node, "'\(variable)' does not choose a toolchain",
          notes: ["write LLVM=-19 for clang-19, or CROSS_COMPILE=aarch64-linux-gnu- for a gcc"])
      }
      variables.append(variable)
    }
    return variables
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isSymbol(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func isSymbol(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// A lane in a file of lanes: an architecture, a configuration and a toolchain that compile the kernel.
public struct LaneDescription: Sendable, Hashable {
  /// The name on the command line and in reports: "arm64".
  public var name: String
  /// Kbuild's `ARCH`.
  public var arch: String
  /// The make target that configures it: "allmodconfig".
  public var target: String
  /// Lines that must hold in its `.config`, those common to all lanes first.
  public var fragment: [String]
  /// Variables of make that choose the toolchain: "LLVM=-19".
  public var toolchain: [String]
  /// What this lane compiles that no other does.
  public var why: String
  /// The parts of the tree for which the lane is used: nil for a lane that every series uses, empty for one that is
  /// used only by name.
  public var paths: [String]?
}
