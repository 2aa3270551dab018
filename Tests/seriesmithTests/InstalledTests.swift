import Foundation
import Processes
import Support
import Testing

@Suite struct InstalledTests {
  /// Desktops keep a folder `Templates` of their own in the home folder.
  @Test func theTemplatesAreFoundWhereTheyAreInstalled() async throws {
    try await withScratchFolder { folder in
      for name in ["bin", "share/seriesmith", "home/Templates"] { try Files.makeFolder("\(folder)/\(name)") }
      try FileManager.default.copyItem(atPath: Command.executable, toPath: folder + "/bin/seriesmith")
      try FileManager.default.copyItem(
        atPath: Command.package + "/Templates", toPath: folder + "/share/seriesmith/Templates")
      let result = try await Command.tool(folder + "/bin/seriesmith", ["list"], in: folder + "/home")
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.hasPrefix("iova_to_pgsize: "))
      let help = try await Command.tool(folder + "/bin/seriesmith", ["verify", "--help"], in: folder + "/home")
      #expect(help.output.contains("  ppc-corenet32  fsl_pamu_domain.c"))
    }
  }

  @Test(arguments: [
    (["generate", "iova_to_ph"], ["iova_to_phys_length"]),
    (["scan", ""], ["iova_to_pgsize", "iova_to_phys_length"]),
    (["generate", "iova_to_pgsize", "--option", ""], ["corrected"]),
    (["verify", "--lane", "arm"], ["arm64", "arm64-gcc", "arm"]),
    (["prove", "--boot", "un"], ["unmap"]),
    (["verify", "--depth", "s"], ["structure"]),
    (["doctor", "ve"], ["verify"]),
  ])
  func bashCompletes(words: [String], completions: [String]) async throws {
    try await withScratchFolder { folder in
      let script = try await Command.seriesmith(["--generate-completion-script", "bash"]).output
      try Files.write(Array(script.utf8), to: folder + "/completion")
      let ask = """
        source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        _seriesmith "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"; printf '%s\\n' "${COMPREPLY[@]}"
        """
      let result = try await Command.tool(
        "bash", ["-c", ask, folder + "/completion", Command.executable] + words, in: Command.package)
      let found = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(Set(found) == Set(completions), "\(result.error)")
    }
  }
}
