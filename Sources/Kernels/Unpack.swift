import Diagnostics
import FoundationEssentials
import Processes
import Support

/// Unpacking a kernel's tarball.
enum Unpack {
  /// Unpacks the tarball at `path` into the new folder `folder`, without its top-level folder.
  ///
  /// - Throws: `Failure(.input)` when it is no tarball, or has no kernel in it.
  static func tarball(_ path: String, into folder: String) async throws(Failure) {
    for (suffix, tool) in [(".xz", "xz"), (".bz2", "bzip2"), (".zst", "zstd")] {
      guard path.hasSuffix(suffix), which(tool) == nil else { continue }
      throw Failure(
        .unavailable, "\(tool) is needed to unpack \(path), and is not installed",
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
  /// - Parameter origin: what the user gave, for the message.
  /// - Throws: `Failure(.input)` when it is not a kernel tree.
  static func release(of folder: String, origin: String) throws(Failure) -> String {
    guard let data = FileManager.default.contents(atPath: folder + "/Makefile"),
      let release = Release.of(makefile: String(decoding: data, as: UTF8.self)),
      FileManager.default.fileExists(atPath: folder + "/Kconfig")
    else {
      throw Failure(
        .input, at: Place(origin), "not the source of a Linux kernel",
        notes: ["expected a top-level Makefile with VERSION and PATCHLEVEL, and a Kconfig"])
    }
    return release
  }
}
