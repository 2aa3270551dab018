import Diagnostics
import Processes

/// The programs a lane needs.
public struct Toolchain: Sendable {
  /// The compiler's name on `PATH`.
  var compiler: String
  /// The linker's name on `PATH`.
  var linker: String
  /// Every program needed, and the Debian package that provides it.
  public var programs: [(name: String, package: String)]

  /// The toolchain that the lane's make variables choose: LLVM, else GCC.
  public init(_ lane: Lane) {
    let host = ["make", "flex", "bison", "bc", "perl", "cpio"].map { ($0, DebianPackage.name(having: $0) ?? $0) }
    guard let llvm = lane.toolchain.first(where: { $0.hasPrefix("LLVM=") })?.dropFirst(5) else {
      let cross = lane.toolchain.first { $0.hasPrefix("CROSS_COMPILE=") }?.dropFirst(14) ?? ""
      compiler = "\(cross)gcc"
      linker = "\(cross)ld"
      let triple = cross.last == "-" ? "-\(cross.dropLast())" : ""
      programs = [(compiler, "gcc\(triple)"), (linker, "binutils\(triple)")] + host
      return
    }
    // `LLVM=-19` is a suffix of every tool's name, `LLVM=1` is not.
    let suffix = llvm.hasPrefix("-") ? String(llvm) : ""
    compiler = "clang\(suffix)"
    linker = "ld.lld\(suffix)"
    programs =
      [(compiler, "clang\(suffix)"), (linker, "lld\(suffix)")]
      + ["llvm-ar", "llvm-nm", "llvm-objcopy", "llvm-strip"].map { ("\($0)\(suffix)", "llvm\(suffix)") } + host
  }

  /// Whether all programs are on `PATH`.
  public var isInstalled: Bool { programs.allSatisfy { which($0.name) != nil } }

  /// Throws `Failure(.unavailable)` naming every missing program and the packages to install.
  func require(for lane: Lane) throws(Failure) {
    let missing = programs.filter { which($0.name) == nil }
    guard !missing.isEmpty else { return }
    throw Failure(
      .unavailable, "the lane \(lane.name) needs \(missing.map(\.name).joined(separator: ", ")), missing from PATH",
      notes: DebianPackage.advice(installing: missing.map(\.package)))
  }

  /// Identifies the compiler: its path and the output of `--version`.
  func identity() async throws(Failure) -> String {
    let outcome = try await requireSuccess(
      Command(compiler, ["--version"], environment: ["LC_ALL": "C"]), to: "ask \(compiler) for its version")
    return (which(compiler) ?? compiler) + "\n" + outcome.text
  }
}
