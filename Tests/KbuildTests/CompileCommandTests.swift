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

  @Test func takesTheCompilerAndNothingElse() throws {
    let command = try #require(CompileCommand(cmdFile: cmd, object: "drivers/iommu/a-b.o", paths: paths))
    #expect(
      command.arguments == [
        "clang-19", "-nostdinc", "-I/src/include", "-I./include", #"-DARM64_ASM_ARCH="armv8.5-a""#, "-DHASH=#",
        "-DDOLLAR=$", #"-DKBUILD_MODFILE="drivers/iommu/a-b""#, "-c",
      ])
    #expect(command.directory == "/build")
    #expect(command.input == "/src/drivers/iommu/a-b.c")
    #expect(command.source == "drivers/iommu/a-b.c")
    #expect(command.object == "drivers/iommu/a-b.o")
    #expect(
      command.dependencies == ["drivers/iommu/a-b.c", "drivers/iommu/dma-iommu.h", "include/linux/kconfig.h"])
  }

  @Test func symbolVersionsComeAfterTheCompiler() throws {
    let line = """
      savedcmd_lib/a.o := clang-19 -Wp,-MMD,lib/.a.o.d -c -o lib/a.o /src/lib/a.c && \
      if llvm-nm lib/a.o | grep -q ' __export_symbol_'; then clang-19 -E -D__GENKSYMS__ /src/lib/a.c; fi
      source_lib/a.o := /src/lib/a.c
      """
    let command = try #require(CompileCommand(cmdFile: line, object: "lib/a.o", paths: paths))
    #expect(command.arguments == ["clang-19", "-c"])
  }

  @Test func assemblyAndArchivesAreNoUnits() {
    let assembly = """
      savedcmd_lib/a.o := clang-19 -Wp,-MMD,lib/.a.o.d -c -o lib/a.o /src/lib/a.S
      source_lib/a.o := /src/lib/a.S
      """
    #expect(CompileCommand(cmdFile: assembly, object: "lib/a.o", paths: paths) == nil)
    #expect(
      CompileCommand(cmdFile: "savedcmd_lib/a.o := ld -r -o lib/a.o @lib/a.mod\n", object: "lib/a.o", paths: paths)
        == nil)
    #expect(CompileCommand(cmdFile: "", object: "lib/a.o", paths: paths) == nil)
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
