import Testing

@testable import Kernels

@Suite struct SelectionTests {
  private let showsrc = """
    Package: linux
    Binary: linux-doc, linux-headers-6.12.8-1,
     linux-headers-6.12.8-2
    Version: 6.12.8-1
    Directory: pool/main/l/linux

    Package: linux
    Version: 7.1.3-1~bpo13+1

    Package: linux
    Version: 7.1.13-1~bpo13+1

    Package: linux
    Version: 7.2.9-1~bpo13+1

    Package: linux
    Version: 7.2.10-1

    Package: linux
    Version: 7.3~rc4-1~exp1

    Package: linux-signed-amd64
    Version: 9.9.9-1

    Package: linux
    Version: 7.2.10-1
    """

  @Test func readsTheVersionsOfOnePackage() {
    #expect(
      Selection.versions(showsrc: showsrc).map(\.description) == [
        "7.3~rc4-1~exp1", "7.2.10-1", "7.2.9-1~bpo13+1", "7.1.13-1~bpo13+1", "7.1.3-1~bpo13+1", "6.12.8-1",
      ])
  }

  @Test(arguments: [
    ("7.1.3", "7.1.3-1~bpo13+1"), ("7.1", "7.1.13-1~bpo13+1"), ("7.2", "7.2.10-1"), ("7.2.9", "7.2.9-1~bpo13+1"),
    ("7", "7.2.10-1"), ("7.3", nil), ("7.3-rc4", "7.3~rc4-1~exp1"), ("6.1", nil), ("5.10", nil),
  ])
  func takesTheNewestThatMatches(_ wanted: String, _ version: String?) {
    let versions = Selection.versions(showsrc: showsrc)
    #expect(Selection.matching(wanted, of: versions).first?.description == version)
  }

  @Test func fallsBackToItsOwnLineAndThenToTheNext() {
    let versions = Selection.versions(showsrc: showsrc)
    #expect(Selection.fallbacks("7.1.4", of: versions).map(\.release) == ["7.1.13", "7.1.3", "7.2.10", "7.2.9"])
    #expect(
      Selection.fallbacks("7.1.4", of: versions.filter { !$0.release.hasPrefix("7.1.") }).first?.release == "7.2.10")
    #expect(Selection.fallbacks("5.1.4", of: versions) == [])
  }

  @Test func readsBinaryPackages() {
    let text = """
      linux-source-7.2 |   7.2.13-1 | http://mirror.example/debian sid/main amd64 Packages
      linux-source-6.1 | 6.1.176-1~deb11u1 | http://mirror.example/debian bookworm/main amd64 Packages
           linux | 6.1.176-1 | http://mirror.example/debian bookworm/main Sources
      """
    #expect(
      SourceBinary.parse(madison: text) == [
        SourceBinary(name: "linux-source-7.2", version: DebianVersion("7.2.13-1")),
        SourceBinary(name: "linux-source-6.1", version: DebianVersion("6.1.176-1~deb11u1")),
      ])
  }

  @Test func namesReleasesOnce() {
    let versions = ["7.2.7-1", "7.2.7-1~bpo13+1", "6.1.2-1"].map { DebianVersion($0) }
    #expect(Selection.releases(versions) == ["7.2.7", "6.1.2"])
  }

  /// Each pair is in dpkg's order: `dpkg --compare-versions LEFT lt RIGHT`.
  @Test(arguments: [
    ("7.1.3-1~bpo13+1", "7.1.3-1"), ("7.1.3-1", "7.1.13-1"), ("7.2~rc4-1", "7.2-1"), ("7.2-1", "7.2.1-1"),
    ("9.9-1", "1:0.1-1"), ("6.1.192-1", "6.1.192-2"), ("6.1.9-1", "6.1.10-1"), ("1.0a-1", "1.0+b-1"),
    ("1.0-1", "1.0-1+deb13u1"), ("1.0-1+deb12u9", "1.0-1+deb13u1"), ("1.0~~-1", "1.0~-1"),
  ])
  func ordersAsDpkgDoes(_ left: String, _ right: String) {
    #expect(DebianVersion(left) < DebianVersion(right))
    #expect(!(DebianVersion(right) < DebianVersion(left)))
  }

  @Test func zerosInFrontDoNotCount() {
    #expect(!(DebianVersion("1.01-1") < DebianVersion("1.1-1")))
    #expect(!(DebianVersion("1.1-1") < DebianVersion("1.01-1")))
  }

  @Test func readsTheReleaseOfAMakefile() {
    let lines = ["# SPDX", "VERSION = 7", "PATCHLEVEL = 2", "SUBLEVEL = 0", "EXTRAVERSION = -rc4", "NAME = x"]
    #expect(Release.of(makefile: lines.joined(separator: "\n")) == "7.2.0-rc4")
    #expect(Release.of(makefile: "all:\n\techo\n") == nil)
    #expect(Release.of(makefile: "VERSION = $(shell date)\nPATCHLEVEL = 1\nEXTRAVERSION =\n") == nil)
  }
}
