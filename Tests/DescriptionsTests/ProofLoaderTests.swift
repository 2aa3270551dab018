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
    #expect(proof.boots.map(\.minutes) == [10, 5])
  }

  @Test(arguments: [
    ("in: all", "in: some", "8:39: error: a boot cannot be in 'some'\n    expected one of: all, ends"),
    (", minutes: 10", "", "8:5: error: a boot lacks the key 'minutes'"),
    ("minutes: 10", "minutes: 0", "8:73: error: 'minutes' of a boot must be a number above 0, not '0'"),
    ("name: unmap", "name: selftests", "9:5: error: there are two boots 'selftests'"),
    ("[CONFIG_A=y]", "[A=y]", "1:104: error: 'A=y' is no line of a configuration"),
    ("init: init.c\n", "", "1:1: error: the proof lacks the key 'init'"),
  ])
  func whatIsWrong(_ old: String, _ new: String, _ message: String) {
    let failure = #expect(throws: Failure.self) { try load(Self.proof.replacing(old, with: new)) }
    #expect(failure?.status == .input)
    let text = Printer(color: false).text(failure?.findings ?? [])
    #expect(text.hasPrefix("prove.yaml:" + message), "\(text)")
  }
}
