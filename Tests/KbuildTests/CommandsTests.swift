import Diagnostics
import Foundation
import Processes
import Support
import Testing

@testable import Kbuild

/// Commands and builds in a lane of the fake kernel, which needs make and clang like any lane.
@Suite struct CommandsTests {
  private let kernel: FakeKernel

  init() throws { kernel = try FakeKernel() }

  private func prepared() async throws -> PreparedLane {
    try await kernel.kbuild.prepare(kernel.lane, source: kernel.source)
  }

  private func commands(_ sources: [String]) async throws -> [String: [CompileCommand]] {
    try await kernel.kbuild.commands(for: sources, in: try await prepared(), makefiles: kernel.makefiles)
  }

  @Test func findsTheObjectsOfEachSourceAndWhatTheyAreLinkedInto() async throws {
    let sources = [
      "drivers/main.c", "drivers/sub/part.c", "drivers/twice.c", "drivers/more/asm.S", "virt/own.c", "virt/shared.c",
      "arch/fake/lib/copy.c", "arch/fake/boot/wrapper.c", "drivers/off.c", "drivers/off/deep.c", "kernel/bounds.c",
    ]
    let found = try await commands(sources).mapValues { commands in
      commands.map { "\($0.object) \($0.link)" }
    }
    #expect(
      found == [
        "drivers/main.c": ["drivers/main.o module(\"drivers/driver\")"],
        "drivers/sub/part.c": ["drivers/sub/part.o module(\"drivers/driver\")"],
        "drivers/twice.c": [
          "drivers/kunit_twice.o module(\"drivers/test\")", "drivers/twice.o module(\"drivers/twice\")",
        ],
        "drivers/more/asm.S": ["drivers/more/asm.o separate"],
        "virt/own.c": ["virt/own.o builtIn"],
        "virt/shared.c": ["arch/fake/../../virt/shared.o builtIn"],
        "arch/fake/lib/copy.c": ["arch/fake/lib/copy.o builtIn"],
        "arch/fake/boot/wrapper.c": ["arch/fake/boot/wrapper.o separate"],
        "drivers/off.c": [], "drivers/off/deep.c": [], "kernel/bounds.c": [],
      ])
  }

  @Test func theCommandsAreThoseOfTheFolderThatListsTheObject() async throws {
    let found = try await commands(["arch/fake/lib/copy.c", "arch/fake/boot/wrapper.c", "drivers/twice.c"])
    let copy = try #require(found["arch/fake/lib/copy.c"]?.first)
    #expect(copy.arguments.contains("-DLIB_FLAG"))
    #expect(!copy.arguments.contains("-DARCH_FLAG"))
    let wrapper = try #require(found["arch/fake/boot/wrapper.c"]?.first)
    #expect(wrapper.arguments.contains("-ffreestanding"))
    #expect(found["drivers/twice.c"]?.first?.arguments.contains(#"-DTEST="a b""#) == true)
  }

  @Test func aDryRunSaysWhatABuildSaves() async throws {
    let lane = try await prepared()
    let sources = kernel.paths.filter { $0.hasSuffix(".c") || $0.hasSuffix(".S") }
    let found = try await kernel.kbuild.commands(for: sources, in: lane, makefiles: kernel.makefiles)
    let commands = found.values.joined().sorted { $0.object < $1.object }
    #expect(commands.count == 11)
    let built = try await kernel.kbuild.build(commands.map(\.object), in: lane)
    for command in commands {
      guard case .built(let real, let dependencies, _) = built[command.object] else {
        Issue.record("\(command.object): \(String(describing: built[command.object]))")
        continue
      }
      #expect(real == command)
      #expect(dependencies.contains(command.source))
    }
    guard case .built(_, let dependencies, _) = built["drivers/main.o"] else { return }
    #expect(dependencies == ["drivers/main.c", "include/linux/driver.h", "include/linux/page.h"])
  }

  @Test func askingChangesNothingInTheLane() async throws {
    let lane = try await prepared()
    let before = try kernel.contents(of: lane)
    #expect(before[".config"] != nil)
    _ = try await commands(["drivers/main.c", "virt/shared.c", "arch/fake/boot/wrapper.c"])
    let after = try kernel.contents(of: lane)
    #expect(before == after.filter { before[$0.key] != nil })
    // Kbuild creates the folders of objects when it reads their makefiles.
    #expect(after.filter { before[$0.key] == nil && !$0.value.isEmpty }.isEmpty)
  }

  @Test func anAnswerIsRememberedAndABuiltUnitIsKnownByItsCmdFile() async throws {
    let lane = try await prepared()
    _ = try await kernel.kbuild.build(["drivers/main.o"], in: lane)
    let sources = ["drivers/main.c", "drivers/off.c"]
    let first = try await commands(sources)
    #expect(first["drivers/main.c"]?.first?.arguments.contains("-DMODULE") == true)
    // Kbuild can no longer answer.
    try Files.write("$(error broken)\n".utf8, to: kernel.source.path + "/Makefile")
    #expect(try await commands(sources) == first)
    let failure = await #expect(throws: Failure.self) { try await commands(["virt/own.c"]) }
    #expect(failure?.findings.first?.notes.first?.contains("broken") == true)
  }

  @Test func twoTreesOfOneLaneAndTwoRunsOfOneTreeDoNotDisturbEachOther() async throws {
    let other = try FakeKernel(["virt/own.c": "int other;\n"], name: "other")
    let second = SourceTree(path: other.source.path, tree: "4567")
    let kbuild = kernel.kbuild
    async let one = kbuild.prepare(kernel.lane, source: kernel.source)
    async let same = kbuild.prepare(kernel.lane, source: kernel.source)
    async let two = kbuild.prepare(kernel.lane, source: second)
    let (a, b, c) = try await (one, same, two)
    #expect(a == b)
    #expect(a.build != c.build)
    let makefiles = kernel.makefiles
    async let here = kbuild.commands(for: ["virt/own.c"], in: a, makefiles: makefiles)
    async let there = kbuild.commands(for: ["virt/own.c"], in: c, makefiles: makefiles)
    let inputs = try await [here, there].map { $0["virt/own.c"]?.first?.input }
    #expect(inputs == [kernel.source.path + "/virt/own.c", other.source.path + "/virt/own.c"])
  }

  /// Kbuild passes the names of goals to a shell unquoted.
  @Test(arguments: [
    "drivers/$(touch made)/a.c", "drivers/a;touch made;/a.c", "drivers/a`touch made`/a.c", "drivers/a b.c",
    "--eval=all:;touch made.c",
  ])
  func asksKbuildForNoNameThatIsACommand(path: String) async throws {
    #expect(try await commands([path]) == [path: []])
    let files = FileManager.default.enumerator(atPath: kernel.folder)?.compactMap { $0 as? String } ?? []
    #expect(!files.isEmpty && !files.contains { $0.hasSuffix("made") })
  }
}
