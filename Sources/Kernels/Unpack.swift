import Diagnostics
import FoundationEssentials
import Processes
import Support

/// Unpacks a kernel's tarball.
enum Unpack {
  /// Unpacks the tarball at `path` into the new folder `folder`, without its top-level folder.
  ///
  /// - Throws: `Failure(.unavailable)` when a tool is missing or the disk is full; `Failure(.input)` when tar fails for any
  ///   other reason.
  static func tarball(_ path: String, into folder: String) async throws(Failure) {
    for (suffix, tool) in [(".xz", "xz"), (".bz2", "bzip2"), (".zst", "zstd")] {
      guard path.hasSuffix(suffix), which(tool) == nil else { continue }
      throw Failure(
        .unavailable, "cannot unpack \(path): \(tool) is not installed",
        notes: DebianPackage.advice(for: tool))
    }
    try Files.makeFolder(folder)
    let command = Command(
      "tar", ["-xf", path, "-C", folder, "--strip-components=1", "--no-same-owner"], environment: ["LC_ALL": "C"])
    let outcome = try await run(command)
    guard outcome.succeeded else {
      let full = outcome.errorText.contains("No space left")
      var failed = failure(of: command, outcome, to: "unpack \(path)", lines: 4)
      if !full { failed.status = .input }
      throw failed
    }
  }

  /// The release of the kernel tree in `folder`.
  ///
  /// - Parameter origin: the path or name that the user gave, for the message.
  /// - Throws: `Failure(.input)` when it is not a kernel tree.
  static func release(of folder: String, origin: String) throws(Failure) -> String {
    guard let data = FileManager.default.contents(atPath: folder + "/Makefile"),
      let release = Release.of(makefile: String(decoding: data, as: UTF8.self)),
      FileManager.default.fileExists(atPath: folder + "/Kconfig")
    else {
      throw Failure(
        .input, at: Place(origin), "not a Linux kernel source tree",
        notes: ["expected a top-level Makefile with VERSION and PATCHLEVEL, and a Kconfig"])
    }
    return release
  }
}
