import Diagnostics
import Foundation
import Git
import GitBinary
import Kbuild
import Processes
import Support
import Synchronization
import Testing
import Verification

@testable import Descriptions
@testable import Proving

/// Whole runs with a kernel whose image is its source text, and a machine that prints the image.
@Suite struct ProverTests {
  private static let makefile = """
    ifeq ($(sub),)
    $(MAKECMDGOALS): again ;
    again:
    \t@mkdir -p $(O); $(MAKE) --no-print-directory -C $(O) -f $(CURDIR)/Makefile sub=1 srctree=$(CURDIR) $(MAKECMDGOALS)
    .PHONY: again
    else
    VPATH := $(srctree)
    allnoconfig: ; @cp $(KCONFIG_ALLCONFIG) .config
    headers: ; @mkdir -p usr/include
    image: tests.c tests.h
    \t@! grep -h broken $^ >&2
    \t@! grep -q endless $^ || sleep 3600
    \t@echo built >> builds; cat $^ > image
    \t@printf '%s\\n' 'savedcmd_image := cat' 'source_image := $(srctree)/tests.c' 'deps_image := \\' \\
    \t  '  $(srctree)/tests.h \\' > .image.cmd
    .PHONY: allnoconfig headers
    endif

    """
  private static let files = [
    "Makefile": makefile, "tests.c": "KTAP version 1\nok 1 map\n", "tests.h": "prove: done\n", "driver.c": "a driver\n",
    "drivers/Makefile": "all:\n",
  ]

  private final class Scene: @unchecked Sendable {
    let scratch: ScratchRepository
    let folder: String
    var plan: ProofDescription
    var progress = Progress.silent

    init() throws {
      scratch = try ScratchRepository()
      folder = scratch.path + "/.git"
      for (path, text) in ProverTests.files { try scratch.write(text, to: path) }
      try scratch.commit()
      try scratch.git("tag", "base")
      // Prints the kernel, and records the boot.
      let script = """
        #!/bin/sh
        [ "$1" != --version ] || exit 0
        while [ $# -gt 0 ]; do
          case $1 in
            -serial) console=${2#file:} ;;
            -kernel) image=$2 ;;
          esac
          shift
        done
        echo booted >> \(folder)/boots
        cp "$image" "$console"
        """
      try Files.write("int main(void) { return 0; }\n".utf8, to: folder + "/init.c")
      plan = ProofDescription(
        kernel: LaneDescription(
          name: "prove", arch: "x86_64", target: "allnoconfig", fragment: ["CONFIG_KUNIT=y"], toolchain: ["LLVM=-19"],
          why: "a test", paths: []),
        goal: "image", image: "image", initFile: folder + "/init.c",
        machine: MachineDescription(
          emulator: folder + "/emulator", package: "none", arguments: [], kernelArguments: ""),
        boots: [
          BootDescription(name: "all", why: "", states: .all, kernelArguments: "", timeLimit: .seconds(600)),
          BootDescription(name: "ends", why: "", states: .ends, kernelArguments: "more", timeLimit: .seconds(600)),
        ])
      try writeEmulator(script)
    }

    func writeEmulator(_ script: String) throws {
      try Script.write(script, to: plan.machine.emulator)
    }

    /// Commits each step, a change of files, on the base, and proves the commits.
    func prove(_ steps: [String: String]...) async throws -> ProveReport {
      try scratch.git("checkout", "--quiet", "--detach", "base")
      for step in steps {
        for (path, text) in step { try scratch.write(text, to: path) }
        try scratch.commit()
      }
      let prover = Prover(
        repository: try Repository(opening: scratch.path), cache: folder + "/cache", plan: plan, jobs: 2,
        progress: progress)
      return try await prover.prove("base..HEAD")
    }

    /// The builds and boots since the last call, without trial boots of KVM.
    func work() throws -> (builds: Int, boots: Int) {
      (try lines(kernelFolder() + "/build/builds"), try lines(folder + "/boots"))
    }

    func files(below folder: String) -> Int {
      FileManager.default.enumerator(atPath: folder)?.count {
        !((try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))) ?? Data()).isEmpty
      } ?? 0
    }

    func kernelFolder() throws -> String {
      let proofs = folder + "/cache/proofs"
      return "\(proofs)/\(try #require(Files.names(in: proofs).first { !$0.hasSuffix(".lock") }))"
    }

    private func lines(_ path: String) throws -> Int {
      let count = String(decoding: Files.read(path) ?? [], as: UTF8.self).split(separator: "\n").count
      try Files.remove(path)
      return count
    }
  }

  /// The number of trial boots of KVM on this machine.
  private var trials: Int { access("/dev/kvm", R_OK | W_OK) == 0 ? 1 : 0 }

  @Test func everyStateIsBuiltAndBootedOnce() async throws {
    let scene = try Scene()
    let steps = [["tests.c": "KTAP version 1\nok 1 map\nok 2 unmap\n"], ["driver.c": "changed\n"]]
    let report = try await scene.prove(steps[0], steps[1])
    #expect(report.verdict == .holds)
    #expect(
      report.suites.map { "\($0.state) \($0.name) \($0.passed)" } == [
        "0 all: map 1", "0 ends: map 1", "1 all: map 1", "1 all: unmap 1", "2 all: map 1", "2 all: unmap 1",
        "2 ends: map 1", "2 ends: unmap 1",
      ])
    // The driver is in no kernel: results of state 1 count for state 2, but the last state has one more boot.
    var work = try scene.work()
    #expect(work.builds == 2)
    #expect(work.boots == 4 + trials)
    #expect(try await scene.prove(steps[0], steps[1]) == report)
    work = try scene.work()
    #expect(work == (0, 0))
  }

  @Test func aMatrixOfStatesAndBootsFillsIn() async throws {
    let scene = try Scene()
    let display = Mutex((LiveDisplay(), [[String]]()))
    scene.progress = Progress { event in
      display.withLock { display in
        display.0.take(event)
        display.1.append(display.0.lines(height: 20, printer: Printer(color: false)))
      }
    }
    _ = try await scene.prove(
      ["tests.c": "KTAP version 1\nnot ok 1 map\n"], ["tests.h": "broken\n"], ["tests.c": "KTAP version 1\nok 1 map\n"])
    let last = display.withLock { $0.1 }.last { $0.count > 1 } ?? []
    #expect(
      last.prefix(7) == [
        "build", "│ all", "│ │ ends", "✓ ✓ ✓  the base", "✓ ✗ ·  1/3 change", "✗ ▁ ·  2/3 change", "✗ ▁ ▁  3/3 change",
      ])
  }

  @Test func theStateWhereATestBeginsToFail() async throws {
    let scene = try Scene()
    let report = try await scene.prove(
      ["driver.c": "changed\n"], ["tests.c": "KTAP version 1\nnot ok 1 map\n"], ["driver.c": "again\n"])
    #expect(report.verdict == .fails)
    #expect(report.findings.map(\.message).first == "state 2/3 (change), all: map passed before and now fails")
  }

  @Test func aStateThatDoesNotBuildAndTheOneThatMendsIt() async throws {
    let scene = try Scene()
    let report = try await scene.prove(["tests.h": "broken\n"], ["tests.h": "prove: done\n"])
    #expect(report.verdict == .fails)
    #expect(report.findings.map(\.message) == ["state 1/2 (change): the kernel does not build"])
    #expect(report.findings[0].notes.contains("broken"))
  }

  @Test func whatIsSaidOfAStateThatDoesNotBuildBeginsWithTheFirstError() async throws {
    let scene = try Scene()
    let lines = ["broken file", "broken: error: here"] + (1...40).map { "broken for that, \($0)" }
    let report = try await scene.prove(["tests.h": lines.joined(separator: "\n") + "\n"])
    #expect(report.findings[0].notes.first == "broken: error: here")
    #expect(report.findings[0].notes.count == 20)
  }

  @Test func aScriptCanBeRun() async throws {
    let scene = try Scene()
    _ = try await scene.prove(["scripts/new.sh": "#!/bin/sh\n", "tests.h": "prove: done\n\n"])
    let source = try scene.kernelFolder() + "/source"
    #expect(access(source + "/scripts/new.sh", X_OK) == 0)
    #expect(access(source + "/tests.h", X_OK) != 0)
  }

  @Test func aFileIsTakenBackWhereTheNextRunHasItNot() async throws {
    let scene = try Scene()
    let bad = try await scene.prove(["tests.h": "panic\n"])
    #expect(bad.verdict == .fails)
    scene.plan.boots[0].kernelArguments = "another"
    #expect(try await scene.prove(["driver.c": "changed\n"]).verdict == .holds)
  }

  /// Whatever a bad disk does to the kept folder of a base's kernel.
  @Test func aDamagedFolderIsNotBelieved() async throws {
    let scene = try Scene()
    let step = ["tests.c": "KTAP version 1\nok 1 map\nok 2 unmap\n", "new.h": "new\n"]
    let expected = try await scene.prove(step)
    #expect(expected.verdict == .holds)
    let folder = try scene.kernelFolder()
    let names = Files.paths(below: folder).filter { Files.isFile("\(folder)/\($0)") }.sorted()
    for round in 0..<5 {
      let damaged = names.indices.filter { $0 % 5 == round }.map { names[$0] }
      for name in damaged {
        let bytes = Files.read("\(folder)/\(name)") ?? []
        try Data(bytes.dropLast(bytes.count / 2)).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      // A new argument, as the earlier boots have kept results.
      scene.plan.boots[0].kernelArguments = "\(round)"
      scene.plan.boots[1].kernelArguments = "\(round) more"
      #expect(try await scene.prove(step) == expected, "\(damaged)")
    }
  }

  /// Make goes by times: it would take a half-written file as complete.
  @Test func whatAKilledMakeHadBegunIsMadeAgain() async throws {
    let scene = try Scene()
    #expect(try await scene.prove(["tests.h": "prove: done\n\n"]).verdict == .holds)
    let folder = try scene.kernelFolder()
    try Files.remove(folder + "/built")
    try Files.write("half".utf8, to: folder + "/build/image")
    scene.plan.boots[0].kernelArguments = "another"
    scene.plan.boots[1].kernelArguments = "another one"
    #expect(try await scene.prove(["tests.h": "prove: done\n\n"]).verdict == .holds)
  }

  @Test func aTestOfOursIsBuiltInOnceTheTreeIsReadyForIt() async throws {
    let scene = try Scene()
    let source = scene.folder + "/ours.c"
    try Files.write("ours\n".utf8, to: source)
    scene.plan.additions = [
      AdditionDescription(file: "drivers/ours.c", source: source, needs: [.init(file: "tests.h", text: "new_op")])
    ]
    let report = try await scene.prove(["driver.c": "changed\n"], ["tests.h": "new_op\nprove: done\n"])
    #expect(report.verdict == .holds)
    let folder = try scene.kernelFolder()
    #expect(Files.read(folder + "/source/drivers/ours.c") == Array("ours\n".utf8))
    #expect(Files.read(folder + "/source/drivers/Makefile") == Array("all:\n\nobj-y += ours.o\n".utf8))
    // The repository is unchanged as well.
    #expect(try scene.scratch.text("status", "--porcelain") == "")
  }

  @Test func aTestOfOursIsInAFileWhileThatHasWhatItTests() async throws {
    let scene = try Scene()
    let source = scene.folder + "/ours.h"
    try Files.write("ours\n".utf8, to: source)
    scene.plan.additions = [
      AdditionDescription(
        file: "ours.h", source: source, host: "tests.h", needs: [.init(file: "tests.h", text: "old_op")])
    ]
    let old = ["tests.h": "old_op\nprove: done\n"]
    #expect(try await scene.prove(old).verdict == .holds)
    let folder = try scene.kernelFolder()
    #expect(Files.read(folder + "/source/tests.h") == Array("old_op\nprove: done\n\n#include \"ours.h\"\n".utf8))
    #expect(Files.read(folder + "/source/ours.h") == Array("ours\n".utf8))

    #expect(try await scene.prove(old, ["tests.h": "prove: done\n"]).verdict == .holds)
    #expect(Files.read(folder + "/source/tests.h") == Array("prove: done\n".utf8))
    #expect(Files.read(folder + "/source/ours.h") == nil)
  }

  @Test func whenInterruptedNoMachineIsLeft() async throws {
    let scene = try Scene()
    let running = scene.folder + "/running"
    let script = """
      #!/bin/sh
      [ "$1" != --version ] || exit 0
      case $* in *" kvm "*) exit 1 ;; esac
      echo $$ > \(running).new; mv \(running).new \(running)
      exec sleep 3600
      """
    try scene.writeEmulator(script)
    let run = Task { try await scene.prove(["driver.c": "changed\n"]) }
    let deadline = ContinuousClock.now + .seconds(600)
    while !Files.exists(running), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    run.cancel()
    let failure = await #expect(throws: Failure.self) { try await run.value }
    #expect(failure?.status == .interrupted)
    let text = String(decoding: Files.read(running) ?? [], as: UTF8.self)
    let process = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(process, 0) == -1 && errno == ESRCH)
  }

  @Test func whatWasBootedIsKeptWhenALaterBuildIsInterrupted() async throws {
    let scene = try Scene()
    let last = ["tests.c": "KTAP version 1\nok 1 map\nok 2 unmap\n", "tests.h": "prove: done\n\n"]
    // The state in between is built after the base and the last one.
    let run = Task { try await scene.prove(["tests.h": "endless\n"], last) }
    let deadline = ContinuousClock.now + .seconds(600)
    while scene.files(below: scene.folder + "/cache/verdicts") < 4, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    run.cancel()
    _ = await run.result
    _ = try scene.work()
    _ = try await scene.prove(last)
    #expect(try scene.work().boots == 0)
  }

  @Test func whatASeriesHasTheBuildRunReachesNothing() async throws {
    let scene = try Scene()
    let makefile = Self.makefile + "run := $(shell echo made >> \(scene.folder)/made)\n"
    let series = [
      ["driver.c": "changed\n"], ["Makefile": makefile, "tests.c": "KTAP version 1\nok 1 map\nok 2 unmap\n"],
    ]
    let contained = try await scene.prove(series[0], series[1])
    #expect(contained.verdict == .holds)
    let text = try #require(contained.sandbox)
    #expect(text.hasPrefix("patch 2 changes what a build runs, and the build ran in bubblewrap "))
    #expect(!Files.exists(scene.folder + "/made"))

    // No other series runs what it may have left in its folder.
    let folder = try scene.kernelFolder()
    let other = try await scene.prove(["tests.h": "prove: done\n\n"])
    #expect(other.verdict == .holds)
    #expect(other.sandbox == nil)
    #expect(Files.read(folder + "/source/tests.h") == Array("prove: done\n".utf8))
  }

  @Test func anEmulatorThatIsMissing() async throws {
    let scene = try Scene()
    scene.plan.machine.emulator = "no-such-emulator"
    let failure = await #expect(throws: Failure.self) { try await scene.prove(["driver.c": "changed\n"]) }
    #expect(failure?.status == .unavailable)
    #expect(failure?.findings.first?.notes == ["apt-get install none"])
  }
}
