import Testing

@testable import Kbuild

@Suite struct CompileCommandTests {
  private let paths = TreePaths(source: "/src", build: "/build")

  /// An x86_64 unit: objtool follows the compiler.
  private let cmd = #"""
    savedcmd_drivers/iommu/a-b.o := clang-19 -Wp,-MMD,drivers/iommu/.a-b.o.d -nostdinc -I/src/include -I./include -DARM64_ASM_ARCH='"armv8.5-a"' -DHASH=$(pound) -DDOLLAR=$$ -DKBUILD_MODFILE='"drivers/iommu/a-b"' -c -o drivers/iommu/a-b.o /src/drivers/iommu/a-b.c  ; ./tools/objtool/objtool --hacks=jump_label --link  drivers/iommu/a-b.o

    source_drivers/iommu/a-b.o := /src/drivers/iommu/a-b.c

    deps_drivers/iommu/a-b.o := \
        $(wildcard include/config/ARM_LPAE) \
      /src/include/linux/kconfig.h \
      arch/arm64/include/generated/asm/unaligned.h \
      /src/drivers/iommu/arm/../dma-iommu.h \

    drivers/iommu/a-b.o: $(deps_drivers/iommu/a-b.o)

    $(deps_drivers/iommu/a-b.o):
    """#

  private func command(_ cmd: String, _ object: String, _ link: LinkTarget = .builtIn) -> CompileCommand? {
    CommandFile(cmd).flatMap { CompileCommand(line: $0.command, object: object, link: link, paths: paths) }
  }

  @Test func takesTheCompilerAndNothingElse() throws {
    let command = try #require(self.command(cmd, "drivers/iommu/a-b.o", .module("drivers/iommu/a-b")))
    #expect(
      command.arguments == [
        "clang-19", "-nostdinc", "-I/src/include", "-I./include", #"-DARM64_ASM_ARCH="armv8.5-a""#, "-DHASH=#",
        "-DDOLLAR=$", #"-DKBUILD_MODFILE="drivers/iommu/a-b""#, "-c",
      ])
    #expect(command.directory == "/build")
    #expect(command.input == "/src/drivers/iommu/a-b.c")
    #expect(command.source == "drivers/iommu/a-b.c")
    #expect(command.object == "drivers/iommu/a-b.o")
    #expect(command.link == .module("drivers/iommu/a-b"))
  }

  @Test func namesTheFilesOfTheTreeThatWereRead() throws {
    let file = try #require(CommandFile(cmd))
    #expect(
      file.treeFiles(paths) == ["drivers/iommu/a-b.c", "drivers/iommu/dma-iommu.h", "include/linux/kconfig.h"])
  }

  @Test func symbolVersionsComeAfterTheCompiler() throws {
    let line = """
      savedcmd_lib/a.o := clang-19 -Wp,-MMD,lib/.a.o.d -c -o lib/a.o /src/lib/a.c && \
      if llvm-nm lib/a.o | grep -q ' __export_symbol_'; then clang-19 -E -D__GENKSYMS__ /src/lib/a.c; fi
      source_lib/a.o := /src/lib/a.c
      """
    #expect(command(line, "lib/a.o")?.arguments == ["clang-19", "-c"])
  }

  @Test func assemblyIsAUnitAndAnArchiveIsNone() {
    let assembly = """
      savedcmd_lib/a.o := clang-19 -Wp,-MMD,lib/.a.o.d -D__ASSEMBLY__ -c -o lib/a.o /src/lib/a.S
      source_lib/a.o := /src/lib/a.S
      """
    #expect(command(assembly, "lib/a.o")?.source == "lib/a.S")
    #expect(command("savedcmd_lib/a.o := ld -r -o lib/a.o @lib/a.mod\n", "lib/a.o") == nil)
    #expect(CommandFile("") == nil)
  }

  @Test func aSourceMayBeIncludedBeforeTheUnit() {
    let line = "clang-19 -m32 -include /src/lib/vdso/gettimeofday.c -c -o vdso/a-32.o /src/vdso/a.c"
    let command = CompileCommand(line: line, object: "vdso/a-32.o", link: .separate, paths: paths)
    #expect(command?.source == "vdso/a.c")
    #expect(command?.arguments == ["clang-19", "-m32", "-include", "/src/lib/vdso/gettimeofday.c", "-c"])
  }

  /// The output of `make -n` for a unit: the announcement, traps, the compiler, and fixdep with the command again.
  @Test func takesTheCompilerOutOfADryRun() {
    let line = #"""
      set -e;  echo '  CC [M]  lib/a.o';   trap 'rm -f lib/a.o; trap - HUP; kill -s HUP $$' HUP; clang-19 -Wp,-MMD,lib/.a.o.d -DA='"a b"' -DMODULE -c -o lib/a.o /src/lib/a.c  ; ./scripts/basic/fixdep lib/.a.o.d lib/a.o 'clang-19 -Wp,-MMD,lib/.a.o.d -DA='''"a b"''' -DMODULE -c -o lib/a.o /src/lib/a.c' > lib/.a.o.cmd; rm -f lib/.a.o.d
      """#
    let command = CompileCommand(line: line, object: "lib/a.o", link: .module("lib/a"), paths: paths)
    #expect(command?.arguments == ["clang-19", #"-DA="a b""#, "-DMODULE", "-c"])
    #expect(CompileCommand(line: line, object: "lib/b.o", link: .builtIn, paths: paths) == nil)
  }

  @Test func readsDependencyFiles() {
    let text = "/s/x.o: /src/a.c \\\n  /src/b\\ c.h ./include/generated/d.h /src/e/../f.h\\\n /src/$$g.h\n"
    #expect(
      DependencyFile.files(text)
        == ["/src/a.c", "/src/b c.h", "./include/generated/d.h", "/src/e/../f.h", "/src/$g.h"])
    #expect(DependencyFile.files("x.o:\n") == [])
    #expect(DependencyFile.files("") == [])
  }

  @Test func placesPathsInTheTreeTheyAreIn() {
    #expect(paths.locate("/src/a/../b.h") == .source("b.h"))
    #expect(paths.locate("./include/x.h") == .build("include/x.h"))
    #expect(paths.locate("../src/x.h") == .source("x.h"))
    #expect(paths.locate("/srcs/x.h") == .elsewhere("/srcs/x.h"))
    #expect(TreePaths.normalized("a/./b//../../../c") == "../c")
    #expect(TreePaths(source: "/src", build: "/src/out").locate("x.h") == .build("x.h"))
  }

  @Test func splitsAsTheShellDoes() {
    #expect(ShellWords.commands(#"a 'b c'd "e\"f" \; '' ; g&&h"#) == [["a", "b cd", "e\"f", ";", ""], ["g"], ["h"]])
  }
}
