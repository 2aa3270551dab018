import Diagnostics
import Foundation
import Processes
import Support
import Testing

@testable import Kbuild

@Suite struct CompileTests {
  private func result(_ termination: Termination, _ text: String = "") -> CompileResult {
    CompileResult(
      termination: termination, diagnostics: Diagnostic.parse(text) { String($0) }, text: text, seconds: 0,
      dependencies: [])
  }

  @Test func aKilledCompilerSaysNothingOfTheSource() {
    #expect(result(.signalled(9)).environmentFailure == "the compiler was killed by signal 9")
    #expect(result(.timedOut).environmentFailure == "the compiler ran past its time limit")
    #expect(result(.exited(1)).environmentFailure == "the compiler exited with status 1 and reported no error")
    #expect(result(.exited(0), "a.c:1:1: warning: x [-Wx]").environmentFailure == nil)
  }

  @Test(arguments: [
    "error: unable to open output file 'a.o': 'No space left on device'",
    "fatal error: error in backend: IO failure on output stream: No space left on device",
    "clang-19: error: unable to execute command: Killed",
    "LLVM ERROR: out of memory",
    "clang-19: error: clang frontend command failed with exit code 139 (use -v to see invocation)",
    "gcc: fatal error: Killed signal terminated program cc1",
    "a.c:3:10: fatal error: cannot open file '/src/b.h': Too many open files",
    "a.c:1:1: error: unknown type name 'x'\nerror: unable to rename temporary 'a.o.tmp' to output file 'a.o'",
  ])
  func whatTheMachineLacksIsNoFaultOfTheSource(text: String) {
    #expect(result(.exited(1), text).environmentFailure?.hasPrefix("the compiler failed: ") == true)
  }

  @Test(arguments: [
    "a.c:1:1: error: unknown type name 'x'",
    "a.c:1:2: error: \"No space left on device\"",
    "a.c:1:2: error: the pool is out of memory",
    "a.c:3:10: fatal error: 'b.h' file not found",
    "a.c:3:10: fatal error: cannot open file '/src/b.h': Is a directory",
    "<inline asm>:1:2: error: invalid instruction mnemonic 'frob'",
  ])
  func whatNamesAPlaceInTheSourceIsItsFault(text: String) {
    #expect(result(.exited(1), text).environmentFailure == nil)
  }

  @Test func compilesOverTheTreeAndKeepsTheObjectOnRequest() async throws {
    let kernel = try FakeKernel()
    let lane = try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
    let found = try await kernel.kbuild.commands(
      for: ["drivers/main.c", "drivers/more/asm.S"], in: lane, makefiles: kernel.makefiles)
    let scratch = kernel.folder + "/scratch"
    try Files.makeFolder(scratch)
    for command in found.values.joined() {
      let result = try await kernel.kbuild.compile(command, in: lane, scratch: scratch, keepObject: true)
      #expect(result.succeeded, "\(result.text)")
      #expect(result.object?.starts(with: [0x7f] + Array("ELF".utf8)) == true)
      #expect(result.dependencies.contains(command.source))
    }
    let main = try #require(found["drivers/main.c"]?.first)
    let overlay = try Overlay(
      ["include/linux/driver.h": Array("int nothing;\n".utf8)], over: kernel.source, in: kernel.folder + "/overlay")
    let broken = try await kernel.kbuild.compile(main, in: lane, overlay: overlay, scratch: scratch, keepObject: true)
    #expect(broken.diagnostics.map(\.file) == ["drivers/main.c"])
    #expect(broken.environmentFailure == nil)
    #expect(broken.object == nil)
    #expect(try await kernel.kbuild.compile(main, in: lane, scratch: scratch).object == nil)
    #expect(Files.names(in: scratch) == [])
  }

  /// GCC reads no overlay file.
  @Test func compilesWithGCCInACopyOfTheTree() async throws {
    let kernel = try FakeKernel()
    var native = kernel.lane
    native.toolchain = ["CROSS_COMPILE="]
    let lane = try await kernel.kbuild.prepare(native, source: kernel.source)
    let found = try await kernel.kbuild.commands(for: ["drivers/main.c"], in: lane, makefiles: kernel.makefiles)
    let main = try #require(found["drivers/main.c"]?.first)
    let scratch = kernel.folder + "/scratch"
    try Files.makeFolder(scratch)
    func compile(_ changes: [String: String?]) async throws -> CompileResult {
      let overlay = try await kernel.kbuild.overlay(
        changes.mapValues { $0.map { Array($0.utf8) } }, over: kernel.source, for: [lane],
        in: "\(kernel.folder)/\(UUID().uuidString)")
      return try await kernel.kbuild.compile(main, in: lane, overlay: overlay, scratch: scratch, keepObject: true)
    }
    #expect(try await kernel.kbuild.compile(main, in: lane, scratch: scratch).succeeded)
    let changed = try await compile(["include/linux/driver.h": "int nothing;\n"])
    #expect(changed.diagnostics.map(\.file) == ["drivers/main.c"])
    #expect(changed.environmentFailure == nil)
    let deleted = try await compile(["include/linux/page.h": nil])
    #expect(deleted.diagnostics.map(\.file) == ["include/linux/driver.h"])
    #expect(deleted.diagnostics.first?.message.hasSuffix("No such file or directory") == true)
    let moved = try await compile([
      "include/linux/driver.h": "#include \"../new/page.h\"\nextern int driver;\n", "include/linux/page.h": nil,
      "include/new/page.h": "extern int page;\n",
    ])
    #expect(moved.succeeded, "\(moved.text)")
    #expect(moved.dependencies == ["drivers/main.c", "include/linux/driver.h", "include/new/page.h"])
    #expect(moved.object?.starts(with: [0x7f] + Array("ELF".utf8)) == true)
    // The tree that the links lead to is as it was.
    #expect(try await kernel.kbuild.compile(main, in: lane, scratch: scratch).succeeded)
  }
}
