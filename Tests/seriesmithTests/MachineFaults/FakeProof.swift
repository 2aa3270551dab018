import Foundation
import GitBinary

/// A series of two commits on a kernel whose image is its source text, and a machine that prints the image.
final class FakeProof {
  private let repository: ScratchRepository
  let folder: String
  var cache: String { folder + "/cache" }
  var environment: [String: String] { ["SERIESMITH_CACHE": cache] }
  var arguments: [String] { ["prove", "base..main", "--tree", repository.path, "--jobs", "2"] }

  init() throws {
    folder = NSTemporaryDirectory() + "proof-\(UUID().uuidString)"
    repository = try ScratchRepository()
    for (path, text) in Self.kernel { try repository.write(text, to: path) }
    try repository.commit("base")
    try repository.git("tag", "base")
    var tests = Self.kernel["tests.c"] ?? ""
    for (index, test) in ["unmap", "replay"].enumerated() {
      tests += "ok \(index + 2) \(test)\n"
      try repository.write(tests, to: "tests.c")
      try repository.commit(test)
    }
    for (path, text) in templates {
      let file = URL(fileURLWithPath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try Script.write(emulator, to: folder + "/emulator")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func prove() async throws -> (status: Int32, json: NSDictionary?, text: String) {
    let file = folder + "/report.json"
    try? FileManager.default.removeItem(atPath: file)
    let run = try await Command.seriesmith(arguments + ["--json", file], in: folder, environment: environment)
    return (run.status, try FileManager.default.contents(atPath: file)?.withoutEffort(), run.output + run.error)
  }

  private static let kernel = [
    "Makefile": """
    ifeq ($(sub),)
    $(MAKECMDGOALS): again ;
    again:
    \t@mkdir -p $(O); $(MAKE) --no-print-directory -C $(O) -f $(CURDIR)/Makefile sub=1 srctree=$(CURDIR) $(MAKECMDGOALS)
    .PHONY: again
    else
    VPATH := $(srctree)
    allnoconfig: ; @cp $(KCONFIG_ALLCONFIG) .config
    headers: ; @mkdir -p usr/include
    # Kbuild goes by times, too, where it has saved a command.
    image: tests.c tests.h $(if $(wildcard .image.cmd),,FORCE)
    \t@echo half > $@; sleep 0.1; cat $(filter %.c %.h,$^) > $@; sleep 0.1
    \t@printf '%s\\n' 'savedcmd_image := cat' 'source_image := $(srctree)/tests.c' 'deps_image := \\' \\
    \t  '  $(srctree)/tests.h \\' > .image.cmd
    .PHONY: allnoconfig headers FORCE
    endif

    """, "tests.c": "KTAP version 1\nok 1 map\n", "tests.h": "prove: done\n",
  ]

  private var templates: [String: String] {
    [
      "Templates/lanes.yaml": "lanes: []\n", "Templates/prove/init.c": "int main(void) { return 0; }\n",
      "Templates/prove/prove.yaml": """
      kernel: {name: prove, arch: x86_64, target: allnoconfig, why: tests, toolchain: [LLVM=-19], fragment: [CONFIG_A=y]}
      image: {goal: image, file: image}
      init: init.c
      programs: []
      overlay: []
      machine: {emulator: \(folder)/emulator, package: none, arguments: [-m], kernel: none}
      boots:
        - {name: all, why: tests, in: all, kernel: all, minutes: 10}
        - {name: ends, why: tests, in: ends, kernel: ends, minutes: 10}

      """,
    ]
  }

  private var emulator: String {
    """
    #!/bin/sh
    [ "$1" != --version ] || exit 0
    while [ $# -gt 0 ]; do
      case $1 in
        -serial) console=${2#file:} ;;
        -kernel) image=$2 ;;
      esac
      shift
    done
    sleep 0.2
    cp "$image" "$console"

    """
  }
}
