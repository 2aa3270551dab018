/// An architecture, a configuration and a toolchain that together really compile the kernel.
public struct Lane: Sendable, Hashable, Codable {
  /// How the user names it: "arm64".
  public var name: String
  /// Kbuild's `ARCH`.
  public var arch: String
  /// The make target that configures it: "allmodconfig", "corenet32_smp_defconfig".
  public var target: String
  /// Lines that must hold in its `.config`: "CONFIG_ARM_SMMU=y", "CONFIG_KASAN=n".
  public var fragment: [String]
  /// Variables of make that choose the toolchain: "LLVM=-19".
  public var toolchain: [String]
  /// What this lane compiles that no other does.
  public var why: String

  public init(
    name: String, arch: String, target: String, fragment: [String], toolchain: [String], why: String
  ) {
    self.name = name
    self.arch = arch
    self.target = target
    self.fragment = fragment
    self.toolchain = toolchain
    self.why = why
  }
}
