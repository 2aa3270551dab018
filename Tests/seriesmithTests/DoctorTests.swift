import Foundation
import GitBinary
import Processes
import Support
import Testing

@Suite struct DoctorTests {
  /// The report of `doctor --json`, as a consumer decodes it.
  private struct Checkup: Decodable {
    var verdict: String
    var packages: [Package]
    var cache: CacheState
    var kvm: String?

    struct Package: Decodable {
      var name: String
      var neededBy: [String]
      var optionalFor: [String]
      var missing: [String]
      var version: String?

      enum CodingKeys: String, CodingKey {
        case name, missing, version
        case neededBy = "needed_by"
        case optionalFor = "optional_for"
      }
    }

    struct CacheState: Decodable {
      var path: String
      var writable: Bool
      var size: Int?
      var free: Int
      var needed: Int
    }

    subscript(name: String) -> Package? { packages.first { $0.name == name } }
  }

  private func checkup(
    _ needs: [String], path: String, cache: String
  ) async throws -> (status: Int32, checkup: Checkup) {
    let result = try await Command.seriesmith(
      ["doctor"] + needs + ["--json", "-"], environment: ["PATH": path, "SERIESMITH_CACHE": cache])
    return (result.status, try JSONDecoder().decode(Checkup.self, from: Data(result.output.utf8)))
  }

  /// Makes a folder for PATH with programs that only print a version.
  private func programs(_ programs: [String: String], in folder: String) throws -> String {
    for (name, version) in programs {
      let path = "\(folder)/bin/\(name)"
      try Files.makeFolder(folder + "/bin")
      try Script.write("#!/bin/sh\necho '\(name) (of a test) \(version)'\n", to: path)
    }
    return folder + "/bin"
  }

  @Test func saysWhatIsThereAndWhatIsNot() async throws {
    try await withScratchFolder { folder in
      let path = try programs(["perl": "5.36.0", "clang-19": "19.1.7"], in: folder)
      let (status, checkup) = try await checkup(["verify", "mail"], path: path, cache: folder + "/cache")
      #expect(status == 69)
      #expect(checkup.verdict == "lacking")
      #expect(checkup["perl"]?.missing == [])
      #expect(checkup["perl"]?.version == "5.36.0")
      #expect(checkup["perl"]?.neededBy == ["verify", "mail"])
      #expect(checkup["clang-19"]?.version == "19.1.7")
      #expect(checkup["lld-19"]?.missing == ["ld.lld-19"])
      #expect(checkup["libc6-dev"]?.missing == ["<stdio.h>", "-lc"], "there is no gcc to find them")
      #expect(checkup["b4"]?.optionalFor == ["mail"])
      #expect(checkup["qemu-system-x86"] == nil, "nothing is to be proved")
      #expect(checkup["strace"] == nil, "only tests need it")
      #expect(checkup.kvm == nil)
      #expect(checkup.cache.path == folder + "/cache")
      #expect(checkup.cache.writable)
      #expect(checkup.cache.size == nil)
      #expect(checkup.cache.free > 0)
      #expect(!Files.exists(folder + "/cache"), "looking makes nothing")
    }
  }

  @Test func namesThePackagesToInstall() async throws {
    try await withScratchFolder { folder in
      let path = try programs(["git": "2.39.5", "git-send-email": "2.39.5"], in: folder)
      let result = try await Command.seriesmith(
        ["doctor", "mail"], environment: ["PATH": path, "SERIESMITH_CACHE": folder])
      #expect(result.status == 69)
      #expect(result.output.contains("✓ git  "), "\(result.output)")
      #expect(result.output.contains("✗ perl "))
      #expect(result.output.contains("– b4 "))
      #expect(result.output.contains("Something required is missing.\n    apt-get install perl\n"))
      #expect(result.output.contains("Optional: apt-get install b4"))
    }
  }

  @Test func whatIsOptionalMayBeMissing() async throws {
    try await withScratchFolder { folder in
      let path = try programs(["git": "2.39.5", "git-send-email": "2.39.5", "perl": "5.36.0"], in: folder)
      let (status, checkup) = try await checkup(["mail"], path: path, cache: folder)
      #expect(status == 0)
      #expect(checkup.verdict == "ready")
      #expect(checkup["b4"]?.missing == ["b4"])
    }
  }

  /// A user's own lanes may need compilers that the list lacks.
  @Test func asksForTheToolchainsOfTheLanes() async throws {
    try await withScratchFolder { folder in
      let lanes = folder + "/lanes.yaml"
      try """
      lanes:
        - {name: a, arch: arm64, target: defconfig, why: a test, toolchain: [CROSS_COMPILE=aarch64-linux-gnu-]}
      """.write(toFile: lanes, atomically: true, encoding: .utf8)
      let (_, checkup) = try await checkup(["verify", "--lanes", lanes], path: folder, cache: folder)
      #expect(checkup["gcc-aarch64-linux-gnu"]?.missing == ["aarch64-linux-gnu-gcc"])
      #expect(checkup["clang-19"] == nil)
    }
  }

  @Test func aCacheThatCannotBeMadeIsLacking() async throws {
    try await withScratchFolder { folder in
      let path = try programs(["git": "2", "git-send-email": "2", "perl": "5"], in: folder)
      let (status, checkup) = try await checkup(["mail"], path: path, cache: "/proc/seriesmith")
      #expect(status == 69)
      #expect(!checkup.cache.writable)
    }
  }

  @Test func thisMachineHasWhatTestsNeed() async throws {
    try await withScratchFolder { folder in
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      let (_, checkup) = try await checkup([], path: path, cache: folder)
      #expect(checkup.packages.filter { !$0.missing.isEmpty && !$0.neededBy.isEmpty }.map(\.name) == [])
      #expect(checkup.kvm != nil)
    }
  }
}
