import Git
import GitBinary
import Testing

@testable import TreeIndex

@Suite struct IncludersTests {
  private let files = [
    "include/linux/a.h": "#include <asm/arch.h>\n",
    "include/linux/b.h": "#include <linux/a.h>\n",
    "include/asm-generic/arch.h": "",
    "include/asm-generic/other.h": "",
    "arch/x86/include/asm/arch.h": "",
    "arch/x86/kernel/x.c": "#include <linux/b.h>\n",
    "arch/arm/kernel/r.c": "#include <linux/b.h>\n",
    "drivers/d/local.h": "#  include \"../common.h\"\n",
    "drivers/common.h": "",
    "drivers/d/one.c": "#include \"local.h\"\n#include <asm/other.h>\n",
    "drivers/e/local.h": "",
    "drivers/e/two.c": "#include \"local.h\"\n#include <private.h>\n",
    "drivers/far/private.h": "",
    "drivers/f/template.c": "#define NAME fmt.h\n#include NAME\n",
    "drivers/f/fmt.h": "",
  ]

  private func includers(
    _ headers: Set<String>, architecture: String? = nil, changed: [String: [Include]?] = [:]
  ) async throws -> Set<String> {
    let scratch = try ScratchRepository()
    for (path, text) in files { try scratch.write(text, to: path) }
    try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    let index = try await TreeIndex.of(
      try repository.resolve("HEAD").tree, in: repository, keptIn: scratch.path + "/.git/indexes", jobs: 1)
    return index.includers(of: headers, changed: changed, architecture: architecture)
  }

  @Test func aHeaderBesideTheIncluderWins() async throws {
    #expect(try await includers(["drivers/d/local.h"]) == ["drivers/d/one.c"])
    #expect(try await includers(["drivers/e/local.h"]) == ["drivers/e/two.c"])
  }

  @Test func includersOfIncludersCount() async throws {
    #expect(try await includers(["drivers/common.h"]) == ["drivers/d/local.h", "drivers/d/one.c"])
  }

  @Test func anArchitectureSeesItsOwnHeadersAndFiles() async throws {
    let all: Set = ["include/linux/a.h", "include/linux/b.h"]
    #expect(
      try await includers(["arch/x86/include/asm/arch.h"], architecture: "x86") == all.union(["arch/x86/kernel/x.c"]))
    #expect(
      try await includers(["include/asm-generic/arch.h"], architecture: "arm") == all.union(["arch/arm/kernel/r.c"]))
    #expect(try await includers(["include/asm-generic/arch.h"], architecture: "x86").isEmpty)
    #expect(
      try await includers(["include/linux/a.h"]) == ["include/linux/b.h", "arch/x86/kernel/x.c", "arch/arm/kernel/r.c"])
  }

  @Test func aGenericHeaderStandsInForAMissingOne() async throws {
    #expect(try await includers(["include/asm-generic/other.h"], architecture: "arm") == ["drivers/d/one.c"])
  }

  @Test func aPathFoundNowhereElseMayMeanAnyHeaderThatEndsWithIt() async throws {
    #expect(try await includers(["drivers/far/private.h"]) == ["drivers/e/two.c"])
  }

  @Test func aMacroMayMeanAnyHeaderOfItsFolder() async throws {
    #expect(try await includers(["drivers/f/fmt.h"]) == ["drivers/f/template.c"])
  }

  @Test func changedFilesAreTakenAsTheyAre() async throws {
    let changed: [String: [Include]?] = [
      "drivers/d/one.c": [.quoted("../e/local.h")], "drivers/e/two.c": [Include]?.none,
    ]
    #expect(try await includers(["drivers/d/local.h", "drivers/e/local.h"], changed: changed) == ["drivers/d/one.c"])
  }
}
