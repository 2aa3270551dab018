import Diagnostics
import FoundationEssentials
import Glibc
import Processes
import Support

/// Debian's package archive, read by apt with its own configuration, lists and state in `folder`.
///
/// apt checks the archive's signature and every checksum. Of the system's own configuration, only the mirrors'
/// addresses are used.
struct DebianArchive: Sendable {
  var folder: String

  /// The suites that have a source package `linux`. Most releases go through the first one.
  private static let suites = [
    "trixie-backports", "sid", "forky", "trixie", "trixie-updates", "bookworm", "bookworm-backports",
  ]
  private static let securitySuites = ["trixie-security", "bookworm-security"]
  private static let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

  /// The versions of the source package `linux` in the archive, newest first.
  ///
  /// - Parameter all: whether to ask all suites, which takes about 5 s and 46 MB, or only the first (1 s, 0.4 MB).
  func versions(all: Bool) async throws(Failure) -> [DebianVersion] {
    try requireTools()
    try await configure(all: all, kind: "deb-src")
    let update = try await run(apt("apt-get", ["update", "--quiet"]))
    let shown = try await run(apt("apt-cache", ["showsrc", "--only-source", "linux"]))
    let versions = Selection.versions(showsrc: shown.text)
    // A suite that has moved away makes the update fail; the lists of the others are still good.
    guard update.succeeded || !versions.isEmpty else {
      throw failure(of: apt("apt-get", ["update"]), update, to: "read Debian's package lists", lines: 6)
    }
    return versions
  }

  /// Downloads the pristine tarball of `version` and returns its path.
  func tarball(of version: DebianVersion) async throws(Failure) -> String {
    let target = folder + "/source"
    try Files.makeFolder(target)
    var command = apt("apt-get", ["source", "--quiet", "--download-only", "--tar-only", "linux=\(version)"])
    command.directory = target
    try await requireSuccess(command, to: "download the source of Linux \(version.release)")
    guard let name = Files.names(in: target).first(where: { $0.contains(".orig.tar.") && !$0.hasSuffix(".asc") }) else {
      throw Failure(.unavailable, "apt-get downloaded no tarball of linux \(version)")
    }
    return "\(target)/\(name)"
  }

  private func requireTools() throws(Failure) {
    let elsewhere = "on a system without Debian's tools, give a kernel's tarball or folder with --from"
    for tool in ["apt-get", "apt-cache"] where which(tool) == nil {
      throw Failure(
        .unavailable, "cannot fetch a kernel: \(tool) is not installed",
        notes: DebianPackage.advice(for: tool) + [elsewhere])
    }
    guard FileManager.default.fileExists(atPath: Self.keyring) else {
      throw Failure(
        .unavailable, "cannot check Debian's signatures: \(Self.keyring) is missing",
        notes: ["apt-get install debian-archive-keyring", elsewhere])
    }
  }

  /// Writes apt's configuration and list of sources.
  ///
  /// - Parameter kind: "deb-src" for source packages, "deb" for binary ones.
  func configure(all: Bool, kind: String) async throws(Failure) {
    for name in ["lists/partial", "archives/partial", "parts"] { try Files.makeFolder("\(folder)/\(name)") }
    let mirror = try await mirror()
    var sources = (all ? Self.suites : [Self.suites[0]]).map { (mirror.main, $0) }
    if all { sources += Self.securitySuites.map { (mirror.security, $0) } }
    let lines = sources.map { "\(kind) [signed-by=\(Self.keyring)] \($0) \($1) main\n" }.joined()
    try Files.write(lines.utf8, to: folder + "/sources.list")
    try Files.write([], to: folder + "/status")
    var settings = """
      Dir::Etc::sourcelist "\(folder)/sources.list";
      Dir::Etc::sourceparts "\(folder)/parts";
      Dir::State::lists "\(folder)/lists";
      Dir::State::status "\(folder)/status";
      Dir::Cache "\(folder)";
      Acquire::Retries "3";

      """
    // apt drops root for the user _apt, who cannot write to a folder in root's home.
    if geteuid() == 0 { settings += "APT::Sandbox::User \"root\";\n" }
    try Files.write(settings.utf8, to: folder + "/apt.conf")
  }

  /// The mirrors in the system's own configuration. Security updates are usually next to the main archive.
  private func mirror() async throws(Failure) -> (main: String, security: String) {
    let targets = try await run(
      Command("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]))
    let addresses = targets.text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("http") }
    guard let main = addresses.first(where: { $0.hasSuffix("/debian/") }) else {
      throw Failure(
        .unavailable, "cannot fetch a kernel: apt is not configured with a Debian mirror",
        notes: ["add one to /etc/apt/sources.list.d/, or give a kernel's tarball or folder with --from"])
    }
    let security = addresses.first { $0.hasSuffix("/debian-security/") }
    return (main, security ?? String(main.dropLast("/debian/".count)) + "/debian-security/")
  }

  func apt(_ tool: String, _ arguments: [String]) -> Command {
    Command(tool, arguments, environment: ["APT_CONFIG": folder + "/apt.conf", "LC_ALL": "C"])
  }
}
