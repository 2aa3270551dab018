import Foundation
import GitBinary
import Support
import Testing

/// The Debian package and the image of the commit that is checked out: built for each release in a container of it, then
/// used in one of their own.
@Suite(.serialized) struct PackageTrials {
  /// What the Swift toolchain itself needs that a small Debian lacks.
  private static let toolchainPackages = ["libcurl4", "libncurses6", "libsqlite3-0", "libuuid1", "libxml2"]

  @Test(arguments: [("bookworm", "12", "libgit2-1.5"), ("trixie", "13", "libgit2-1.9")])
  func aPackageWorksOnItsRelease(release: String, version: String, library: String) async throws {
    try await Container.makeBase(release)
    let source = try await source(for: release)
    let package = try await build(source, for: release)
    #expect(package.contains("+debian\(version)_"), "\(package)")

    let image = "seriesmith:\(release)"
    try await Container.build(image, from: source, arguments: ["RELEASE": release])
    let series = try FakeSeries()
    let shared = [Container.Shared(path: series.folder), .init(path: series.repository.path, isReadOnly: true)]
    try await Container.with(image, sharing: shared) { container in
      let installed = try await container.shell("dpkg-query --show --showformat '${Depends}' seriesmith")
      #expect(installed.contains(library), "\(installed)")
      try await verifies(series, in: container)
      try await tellsWhatIsMissing(in: container)
      try await helps(in: container)
      try await leavesNothing(in: container)
    }
  }

  /// A clone of what is checked out, apart for each release, with its packages of Swift.
  private func source(for release: String) async throws -> String {
    let source = "\(Container.folder)/\(release)/seriesmith"
    if !Files.exists(source) {
      try Files.makeFolder("\(Container.folder)/\(release)")
      try await expectSuccess("git", ["clone", "--quiet", Command.package, source])
    }
    try await expectSuccess("git", ["-C", source, "fetch", "--quiet", Command.package, "HEAD"])
    try await expectSuccess("git", ["-C", source, "reset", "--quiet", "--hard", "FETCH_HEAD"])
    // Fetched here, where the user's mirrors and credentials are.
    try await expectSuccess("swift", ["package", "--package-path", source, "resolve"])
    return source
  }

  /// Builds the package with `make deb`, and has lintian check it.
  ///
  /// - Returns: the package's file name.
  private func build(_ source: String, for release: String) async throws -> String {
    let swift = try await Command.tool("sh", ["-c", "realpath \"$(command -v swift)\""], in: "/").output
    let programs = (swift as NSString).deletingLastPathComponent
    let toolchain = (programs as NSString).deletingLastPathComponent
    let environment = [
      "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root",
      "PATH": "\(programs):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    let packages = (["lintian", "make"] + Self.toolchainPackages).joined(separator: " ")
    let shared = [Container.Shared(path: source), .init(path: toolchain, isReadOnly: true)]
    return try await Container.with("debian:\(release)-slim", sharing: shared) { container in
      try await container.shell(
        "apt-get update; apt-get install --yes --no-install-recommends \(packages)", environment: environment)
      let said = try await container.shell("make deb", environment: environment, in: source)
      let package = try #require(said.split(separator: "\n").last.map(String.init))
      let complaints = try await container.run(
        ["lintian", "--fail-on", "error,warning", "--allow-root", package], environment: environment, in: source)
      #expect(complaints.status == 0, "\(complaints.output)\(complaints.error)")
      return package
    }
  }

  private func verifies(_ series: FakeSeries, in container: Container) async throws {
    let run = try await container.run(["seriesmith"] + series.arguments, environment: series.environment)
    #expect(run.status == 0, "\(run.output)\(run.error)")
    #expect(run.output.contains("stands: 3 commits, 1 lane, "), "\(run.output)")
    try series.commit("twice: never", ["drivers/twice.c": "int twice(void) { return never; }\n"])
    let fallen = try await container.run(["seriesmith"] + series.arguments, environment: series.environment)
    #expect(fallen.status == 1, "\(fallen.output)\(fallen.error)")
    #expect(fallen.output.contains("falls at patch 4/4 (twice: never): compile, fake:"), "\(fallen.output)")
  }

  /// The image has only what the package depends on, and so only what `verify` requires.
  private func tellsWhatIsMissing(in container: Container) async throws {
    let verify = try await container.run(["seriesmith", "doctor", "verify"])
    #expect(verify.output.contains("Nothing required is missing."), "\(verify.output)\(verify.error)")
    let mail = try await container.run(["seriesmith", "doctor", "mail"])
    #expect(mail.status == 69)
    #expect(
      mail.output.contains("Something required is missing.\n    apt-get install git-email\n"),
      "\(mail.output)\(mail.error)")
    // What doctor advises is what it takes.
    let advised = try #require(mail.output.firstMatch(of: #/\n    (apt-get install .*)\n/#)?.1)
    try await container.shell("apt-get update; \(advised) --yes --no-install-recommends")
    let afterwards = try await container.run(["seriesmith", "doctor", "mail"])
    #expect(afterwards.output.contains("Nothing required is missing."), "\(afterwards.output)\(afterwards.error)")
  }

  private func helps(in container: Container) async throws {
    try await container.shell("apt-get install --yes --no-install-recommends bash-completion man-db zsh")
    #expect(try await container.shell("seriesmith --help").contains("Exit status:"))
    #expect(try await container.shell("seriesmith list").contains("iova_to_pgsize: "))
    #expect(try await container.shell("MANWIDTH=80 man seriesmith").contains("seriesmith verify"))
    let bash = """
      . /usr/share/bash-completion/bash_completion; _completion_loader seriesmith || test $? = 124
      complete -p seriesmith
      """
    let completion = try await container.run(["bash", "-c", bash])
    #expect(completion.output.hasPrefix("complete "), "\(completion.output)\(completion.error)")
    let zsh = try await container.run(["zsh", "-c", "autoload -Uz compinit; compinit -u; echo ${_comps[seriesmith]}"])
    #expect(zsh.output == "_seriesmith\n", "\(zsh.error)")
  }

  private func leavesNothing(in container: Container) async throws {
    // man-db keeps the pages that it has shown, and the folders of the test are in /tmp.
    let excluded = ["/proc", "/tmp", "/var/cache/man"].map { "-not -path '\($0)/*'" }.joined(separator: " ")
    let files = "find / -xdev -name '*seriesmith*' \(excluded)"
    #expect(try await container.shell(files).contains("/usr/bin/seriesmith\n"))
    try await container.shell("apt-get purge --yes seriesmith")
    #expect(try await container.shell(files) == "")
  }

  private func expectSuccess(_ program: String, _ arguments: [String]) async throws {
    let result = try await Command.tool(program, arguments, in: "/")
    try #require(result.status == 0, "\(result.output)\(result.error)")
  }
}
