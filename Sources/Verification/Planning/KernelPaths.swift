/// What the path of a file in a kernel tree tells about it.
public enum KernelPaths {
  /// Whether a file may be read by a compiler that builds the kernel itself.
  static func mayBeCompiled(_ path: String) -> Bool {
    (isUnit(path) || path.hasSuffix(".h") || path.hasSuffix(".inc")) && isKernel(path)
  }

  /// Whether a file is built for the target: neither a tool that runs on the host nor an example in documentation.
  static func isKernel(_ path: String) -> Bool {
    !["tools/", "scripts/", "Documentation/", "usr/"].contains(where: path.hasPrefix)
  }

  /// Whether a file is compiled on its own.
  static func isUnit(_ path: String) -> Bool { path.hasSuffix(".c") || path.hasSuffix(".S") }

  /// Whether Kbuild itself reads a file before it compiles for an architecture: a patch that changes it may change the
  /// configuration, what is built, the flags, or what is generated.
  public static func configures(_ path: String, architecture: String) -> Bool {
    if let own = self.architecture(path), own != architecture { return false }
    if path.hasPrefix("Documentation/") || path.hasPrefix("tools/") && !path.hasPrefix("tools/objtool/") {
      return false
    }
    let name = path.split(separator: "/").last ?? ""
    return isMakefile(path) || isKconfig(path) || name.hasSuffix(".tbl")
      || name == "asm-offsets.c" || path == "kernel/bounds.c" || path.hasPrefix("tools/objtool/")
      || path.hasPrefix("scripts/") && !Self.checkers.contains(where: path.hasPrefix)
  }

  /// Whether a build of anything in the tree may run the contents of a file.
  static func mayRun(_ path: String) -> Bool {
    configures(path, architecture: architecture(path) ?? "") || path.hasPrefix("scripts/") || path.hasPrefix("tools/")
      // Sphinx runs its configuration and its extensions.
      || path.hasPrefix("Documentation/") && !path.hasSuffix(".rst")
      || [".py", ".pl", ".sh"].contains(where: path.hasSuffix)
  }

  /// Whether a file is one of Kbuild's makefiles.
  static func isMakefile(_ path: String) -> Bool {
    ["Makefile", "Kbuild"].contains(where: (path.split(separator: "/").last ?? "").hasPrefix)
  }

  /// Whether a file is read by Kconfig.
  static func isKconfig(_ path: String) -> Bool { path.split(separator: "/").last?.hasPrefix("Kconfig") ?? false }

  /// The folder under `arch/` that a file is in; nil for a file that serves every architecture.
  static func architecture(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.first == "arch" && parts.count > 2 ? String(parts[1]) : nil
  }

  /// The folder of a file; empty for the top of the tree.
  static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// Scripts that no build runs.
  private static let checkers = [
    "scripts/checkpatch", "scripts/kernel-doc", "scripts/coccinelle/", "scripts/get_maintainer", "scripts/spelling",
    "scripts/const_structs", "scripts/gdb/", "scripts/package/", "scripts/kconfig/tests/",
  ]
}
