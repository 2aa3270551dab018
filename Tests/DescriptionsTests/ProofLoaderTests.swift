import Descriptions
import Diagnostics
import Foundation
import Testing

@Suite struct ProofLoaderTests {
  private static let proof = """
    kernel: {name: prove, arch: x86_64, target: allnoconfig, why: tests, toolchain: [LLVM=-19], fragment: [CONFIG_A=y]}
    image: {goal: bzImage, file: arch/x86/boot/bzImage}
    init: init.c
    programs: [{name: selftest, source: tools/test.c, libraries: [cap]}]
    overlay: [{file: drivers/a/test.c, end_of: a.c, needs: [{file: include/a.h, text: new_op}]}, {file: test.h}]
    machine: {emulator: qemu, package: qemu-system-x86, arguments: [-m, 4G], kernel: console=ttyS0}
    boots:
      - {name: selftests, why: KUnit, in: all, kernel: prove=boot, minutes: 10}
      - {name: unmap, why: walks, in: ends, kernel: prove=vfio, minutes: 5}

    """

  private func load(_ text: String) throws -> ProofDescription {
    let file = NSTemporaryDirectory() + "proof-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    do {
      return try ProofLoader.load(file)
    } catch {
      var findings = error.findings
      for index in findings.indices { findings[index].place?.file = "prove.yaml" }
      throw Failure(error.status, findings)
    }
  }

  @Test func loadsWhatIsBuiltAndBooted() throws {
    let proof = try load(Self.proof)
    #expect(proof.kernel.fragment == ["CONFIG_A=y"])
    #expect(proof.goal == "bzImage")
    #expect(proof.image == "arch/x86/boot/bzImage")
    #expect(proof.initFile.hasSuffix("/init.c"))
    #expect(proof.programs.map(\.source) == ["tools/test.c"])
    #expect(proof.programs[0].libraries == ["cap"])
    #expect(proof.additions.map(\.file) == ["drivers/a/test.c", "test.h"])
    #expect(proof.additions[0].source.hasSuffix("/overlay/test.c"))
    #expect(proof.additions.map(\.host) == ["drivers/a/a.c", nil])
    #expect(proof.additions[0].needs.map(\.file) == ["include/a.h"])
    #expect(proof.additions[0].needs.map(\.text) == ["new_op"])
    #expect(proof.additions[1].needs == [])
    #expect(proof.machine.arguments == ["-m", "4G"])
    #expect(proof.boots.map(\.name) == ["selftests", "unmap"])
    #expect(proof.boots.map(\.states) == [.all, .ends])
    #expect(proof.boots.map(\.timeLimit) == [.seconds(600), .seconds(300)])
    #expect(proof.counters == [])
  }

  @Test(arguments: [
    ("in: all", "in: some", "8:39: error: a boot cannot be in 'some'\n    expected one of: all, ends"),
    (", minutes: 10", "", "8:5: error: a boot lacks the key 'minutes'"),
    ("minutes: 10", "minutes: 0", "8:73: error: 'minutes' of a boot must be a number above 0, not '0'"),
    ("name: unmap", "name: selftests", "9:5: error: there are two boots 'selftests'"),
    ("[CONFIG_A=y]", "[A=y]", "1:104: error: 'A=y' is not a configuration line"),
    ("init: init.c\n", "", "1:1: error: the proof lacks the key 'init'"),
  ])
  func whatIsWrong(_ old: String, _ new: String, _ message: String) {
    let failure = #expect(throws: Failure.self) { try load(Self.proof.replacing(old, with: new)) }
    #expect(failure?.status == .input)
    let text = Printer(color: false).text(failure?.findings ?? [])
    #expect(text.hasPrefix("prove.yaml:" + message), "\(text)")
  }

  private static let counters = """
    counters:
      - {name: walks, line: '# walks:', title: Walks of the page table, table: walks, unit: walks, activity: unmapping,
         suite: path,
         of: [{number: bytes, as: size, column: unmapped}, {number: leaf, as: size, words: in leaves of}, {number: n}],
         bound: {number: leaves, words: it has N leaves},
         slack: {number: pieces, words: it lies in N pieces}, doubled: walks N times,
         besides: [{number: time, unit: µs, growth: 5}]}
      - {name: locks, line: '# locks:', title: Locks, table: locks, unit: locks, activity: setting, suite: clock}

    """

  @Test func loadsWhatIsCounted() throws {
    let counters = try load(Self.proof + Self.counters).counters
    #expect(counters.map(\.name) == ["walks", "locks"])
    let walks = counters[0]
    #expect(walks.line == "# walks:")
    #expect(walks.dimensions.map(\.name) == ["bytes", "leaf", "n"])
    #expect(walks.dimensions.map(\.column) == ["unmapped", "in leaves of", "n"])
    #expect(walks.words(for: [3 << 20, 4096, 4096]) == ["3 MiB", "in leaves of 4 KiB", "4096"])
    #expect(walks.words(for: [1 << 30, 1000, 0]) == ["1 GiB", "in leaves of 1000 bytes", "0"])
    #expect(walks.bound?.name == "leaves")
    #expect(walks.bound?.words.text(2) == "it has 2 leaves")
    #expect(walks.slack?.name == "pieces")
    #expect(walks.doubled?.text(3) == "walks 3 times")
    #expect(walks.besides.map(\.unit) == ["µs"])
    #expect(walks.besides.map(\.growth) == [5])
    #expect(counters[1].dimensions == [])
    #expect(counters[1].bound == nil)
    #expect(counters[1].doubled == nil)
    #expect(counters[1].besides == [])
    #expect(counters[1].note == nil)
  }

  @Test(arguments: [
    ("name: locks", "name: walks", "17:12: error: the name 'walks' is taken"),
    ("name: locks", "name: suites", "17:12: error: the name 'suites' is taken"),
    ("'# locks:'", "'# walks: of locks:'", "17:25: error: the lines of 'walks' begin like this, too"),
    ("'# locks:'", "''", "17:25: error: 'line' must not be empty"),
    (", suite: clock", "", "17:5: error: a counter lacks the key 'suite'"),
    ("suite: clock", "suite: before", "17:104: error: the name 'before' is taken"),
    ("number: leaf", "number: path", "13:65: error: the name 'path' is taken"),
    ("number: leaves", "number: bytes", "14:22: error: the name 'bytes' is taken"),
    ("number: time", "number: 'a time'", "16:25: error: 'a time' cannot be the name of a number"),
    ("as: size, column", "as: hours, column", "13:31: error: a number cannot be shown as 'hours'"),
    ("it has N leaves", "it has Nine leaves", "14:37: error: 'words' of 'bound' must contain the word N once"),
    ("walks N times", "walks N of N times", "15:68: error: 'doubled' of a counter must contain the word N once"),
    ("unit: µs", "units: µs", "16:31: error: unknown key 'units' in an entry of 'besides'\n    did you mean 'unit'?"),
  ])
  func whatIsWrongWithACounter(_ old: String, _ new: String, _ message: String) {
    let text = Self.proof + Self.counters.replacing(old, with: new)
    let failure = #expect(throws: Failure.self) { try load(text) }
    #expect(failure?.status == .input)
    let said = Printer(color: false).text(failure?.findings ?? [])
    #expect(said.hasPrefix("prove.yaml:" + message), "\(said)")
  }
}
