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
  /// The parts of the tree for which the lane is used; empty for a lane that every series uses.
  public var paths: [String]
}
