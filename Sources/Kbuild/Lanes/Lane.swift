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
  /// The parts of the tree it is for: "arch/riscv/". A series that changes nothing in them does without the lane. Empty
  /// for a lane that every series uses.
  public var paths: [String]

  public init(
    name: String, arch: String, target: String, fragment: [String], toolchain: [String], why: String,
    paths: [String] = []
  ) {
    self.name = name
    self.arch = arch
    self.target = target
    self.fragment = fragment
    self.toolchain = toolchain
    self.why = why
    self.paths = paths
  }

  /// The lane's folder under `arch/`: Kbuild's `SRCARCH`.
  public var architectureFolder: String {
    // As the top-level Makefile has it.
    ["i386": "x86", "x86_64": "x86", "sparc32": "sparc", "sparc64": "sparc", "parisc64": "parisc"][arch] ?? arch
  }

  /// Whether a series that changes these files uses the lane.
  public func isUsed(changing files: some Sequence<String>) -> Bool {
    paths.isEmpty || files.contains { file in paths.contains(where: file.hasPrefix) }
  }
}
