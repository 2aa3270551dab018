import Diagnostics
import Processes
import Support

/// A binary package `linux-source-X`, which holds a kernel's source with Debian's patches applied.
struct SourceBinary: Sendable, Hashable {
  var name: String
  var version: DebianVersion

  /// The packages in the output of `apt-cache madison`: "linux-source-7.2 | 7.2.13-1 | http://… sid/main amd64 Packages".
  static func parse(madison text: String) -> [SourceBinary] {
    text.split(separator: "\n").compactMap { line in
      let columns = line.split(separator: "|").map { $0.split(separator: " ").joined() }
      guard columns.count == 3, columns[0].hasPrefix("linux-source-") else { return nil }
      return SourceBinary(name: columns[0], version: DebianVersion(columns[1]))
    }
  }
}

extension DebianArchive {
  /// The same archive with an index of binary packages, in a folder separate from the sources' index.
  var withBinaries: DebianArchive { DebianArchive(folder: folder + "-binary") }

  /// The `linux-source-X` packages of all suites, which stay in the archive after their source package has left the index
  /// (about 10 s and 42 MB).
  func binaries() async throws(Failure) -> [SourceBinary] {
    try await configure(all: true, kind: "deb")
    _ = try await run(apt("apt-get", ["update", "--quiet"]))
    let found = try await run(apt("apt-cache", ["search", "--names-only", "^linux-source-[0-9.]+$"]))
    let names = found.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
    guard !names.isEmpty else { return [] }
    return SourceBinary.parse(madison: try await run(apt("apt-cache", ["madison"] + names)).text)
  }

  /// Downloads and unpacks `package`, and returns the path of the tarball in it.
  func tarball(of package: SourceBinary) async throws(Failure) -> String {
    let target = folder + "/binary"
    try Files.makeFolder(target)
    var command = apt("apt-get", ["download", "--quiet", "\(package.name)=\(package.version)"])
    command.directory = target
    try await requireSuccess(command, to: "download \(package.name)")
    guard let deb = Files.names(in: target).first(where: { $0.hasSuffix(".deb") }) else {
      throw Failure(.unavailable, "apt-get downloaded no package \(package.name) \(package.version)")
    }
    try await requireSuccess(
      Command("dpkg-deb", ["--extract", "\(target)/\(deb)", "\(target)/files"]), to: "unpack \(deb)")
    let folder = target + "/files/usr/src"
    guard let name = Files.names(in: folder).first(where: { $0.hasPrefix("\(package.name).tar") }) else {
      throw Failure(.unavailable, "there is no tarball in \(deb)")
    }
    return "\(folder)/\(name)"
  }
}
