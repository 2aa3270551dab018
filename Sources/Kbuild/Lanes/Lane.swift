/// An architecture, a configuration and a toolchain that together compile the kernel.
public struct Lane: Sendable, Hashable, Codable {
  /// The name that users give: "arm64".
  public var name: String
  /// Kbuild's `ARCH`.
  public var arch: String
  /// The make target that configures it: "allmodconfig", "corenet32_smp_defconfig".
  public var target: String
  /// Lines that must hold in its `.config`: "CONFIG_ARM_SMMU=y", "CONFIG_KASAN=n".
  public var fragment: [String]
  /// Make variables that choose the toolchain: "LLVM=-19".
  public var toolchain: [String]
  /// What this lane compiles that no other lane does.
  public var why: String
  /// The parts of the tree that need the lane: "arch/riscv/". Only a series that changes a file in one of them uses it.
  /// Nil for a lane that every series uses.
  public var paths: [String]?

  /// Assembles a lane from its parts.
  public init(
    name: String, arch: String, target: String, fragment: [String], toolchain: [String], why: String,
    paths: [String]? = nil
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
    // The same table as in the top-level Makefile.
    ["i386": "x86", "x86_64": "x86", "sparc32": "sparc", "sparc64": "sparc", "parisc64": "parisc"][arch] ?? arch
  }

  /// Whether a series that changes these files uses the lane.
  public func isUsed(changing files: some Sequence<String>) -> Bool {
    guard let paths else { return true }
    return files.contains { file in paths.contains(where: file.hasPrefix) }
  }

  /// Whether clang compiles it; else GCC.
  var usesLLVM: Bool { toolchain.contains { $0.hasPrefix("LLVM=") } }
}
