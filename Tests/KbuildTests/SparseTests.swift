import Diagnostics
import Foundation
import Processes
import Support
import Testing

@testable import Kbuild

@Suite struct SparseTests {
  private func parse(_ text: String) -> SparseOutput {
    SparseOutput(text) { $0.hasPrefix("./") ? String($0.dropFirst(2)) : String($0) }
  }

  private let end = "unit.c:2:5: error: symbol 'seriesmith_end_of_unit' was not declared. Should it be static?\n"

  @Test func foldsTheTypesIntoTheMessage() {
    let output = parse(
      """
      drivers/a.c:8:43: error: incorrect type in initializer (different base types)
      drivers/a.c:8:43:    expected unsigned int x
      drivers/a.c:8:43:    got restricted __le32 [usertype] v
      /s/unit.c: note: in included file (through drivers/a.c, ./include/b.h):
      ./include/c.h:77:9: error: symbol 'f' redeclared
      ./include/d.h:9:1:  the previous one is here
      \(end)
      """)
    #expect(
      output.outcome(.exited(1))
        == .checked([
          Diagnostic(
            file: "drivers/a.c", line: 8, column: 43, severity: .warning,
            message: "incorrect type in initializer (different base types) [expected unsigned int x] "
              + "[got restricted __le32 [usertype] v]"),
          Diagnostic(
            file: "include/c.h", line: 77, column: 9, severity: .warning, message: "symbol 'f' redeclared",
            notes: ["included through drivers/a.c, ./include/b.h", "include/d.h:9:1: note: the previous one is here"]),
        ]))
  }

  @Test func aUnitItCannotParseIsNotClean() {
    let lost = parse(
      """
      include/a.h:67:16: error: Expected ) at end of cast operator
      include/a.h:67:16: error: got __typeof_unqual__
      \(end)
      """)
    #expect(
      lost.outcome(.exited(1))
        == .unreadable("sparse cannot parse it: include/a.h:67: Expected ) at end of cast operator"))
    let cut = parse("a.c:1:1: error: too many errors\n" + end)
    #expect(cut.outcome(.exited(1)) == .unreadable("sparse cannot parse it: a.c:1: too many errors"))
  }

  @Test func stoppingBeforeTheEndIsNotClean() {
    #expect(
      parse("No such file: gnu\n").outcome(.exited(1))
        == .unreadable("sparse exited with status 1 before the end of the unit: No such file: gnu"))
    #expect(
      parse("").outcome(.exited(0))
        == .unreadable("sparse exited with status 0 before the end of the unit: no reason given"))
    #expect(parse(end).outcome(.exited(1)) == .checked([]))
    #expect(parse(end).outcome(.signalled(11)) == .unreadable("sparse was killed by signal 11"))
    #expect(parse(end).outcome(.signalled(9)) == .environment("sparse was killed by signal 9"))
    #expect(parse(end).outcome(.timedOut) == .environment("sparse ran past its time limit"))
  }

  @Test func aTypeErrorThatSoundsLikeSyntaxIsAFinding() {
    let output = parse("a.c:3:9: error: expected structure or union\n" + end)
    guard case .checked(let findings) = output.outcome(.exited(1)) else {
      Issue.record("it counts as unreadable")
      return
    }
    #expect(findings.map(\.message) == ["expected structure or union"])
  }

  @Test func leavesOutWhatSparseWouldTakeForAFile() {
    let command = CompileCommand(
      arguments: [
        "clang-19", "-I/src/include", "-I./include", "-include", "/src/include/k.h", "-DA=1", "-meabi", "gnu",
        "-std=gnu11", "-c",
      ], directory: "/build", input: "/src/a.c", source: "a.c", object: "a.o", link: .builtIn)
    let arguments = SparseArguments(command, paths: TreePaths(source: "/src", build: "/build")) { "/view/" + $0 }
    #expect(
      arguments.all == [
        "-I/view/include", "-I./include", "-include", "/view/include/k.h", "-DA=1", "-meabi", "-std=gnu11",
      ])
    #expect(arguments.plain == ["-meabi", "-std=gnu11"])
  }

  @Test func readsTheCheckersFlags() {
    let output = "make[1]: Entering directory '/build'\nseriesmith-checkflags -D__linux__ -Wbitwise -m64\n"
    #expect(SparseFlags.parse(output) == ["-D__linux__", "-Wbitwise", "-m64"])
    #expect(SparseFlags.parse("make: nothing\n") == nil)
  }

  /// Runs the real sparse and clang on a tree of three files.
  @Suite(.enabled(if: which("sparse") != nil && which("clang-19") != nil)) struct Real {
    private let unit = """
      #include "../include/lock.h"
      _Static_assert(sizeof("ab") - 1 == __builtin_strlen("ab"), "ab");
      int declared;
      static int keep(__typeof_unqual__(declared) a)
      {
      	take();
      	drop();
      	return a;
      }
      void *table[] = { keep };

      """
    private let header = """
      #ifdef __CHECKER__
      #include "checker.h"
      #else
      #error "not for sparse"
      #endif
      extern int declared;
      extern void *table[];

      """
    private let checker = """
      #define __user __attribute__((noderef, address_space(__user)))
      typedef unsigned int __attribute__((bitwise)) __le32;
      extern void take(void) __attribute__((context(x, 0, 1)));
      extern void drop(void) __attribute__((context(x, 1, 0)));

      """

    private func check(_ changes: [String: [UInt8]?]?) async throws -> SparseResult {
      let folder = NSTemporaryDirectory() + "seriesmith-\(UUID().uuidString)"
      defer { try? Files.remove(folder) }
      let source = SourceTree(path: folder + "/src", tree: "0")
      try write(unit, to: source.path + "/drivers/a.c")
      try write(header, to: source.path + "/include/lock.h")
      try write(checker, to: source.path + "/include/checker.h")
      let lane = PreparedLane(
        lane: Lane(
          name: "x86_64", arch: "x86_64", target: "allmodconfig", fragment: [], toolchain: ["LLVM=-19"], why: "a test"),
        source: source, build: folder + "/build", identity: "")
      try Files.makeFolder(lane.build)
      let command = CompileCommand(
        arguments: ["clang-19", "-std=gnu11", "-m64", "-c"], directory: lane.build, input: source.path + "/drivers/a.c",
        source: "drivers/a.c", object: "drivers/a.o", link: .builtIn)
      let overlay = try changes.map { try Overlay($0, over: source, in: folder + "/overlay") }
      let kbuild = Kbuild(cache: folder, progress: Progress { _ in }, jobs: 1)
      return try await kbuild.sparse(
        command, with: try await Sparse.find(), flags: ["-Wbitwise", "-m64"], in: lane, overlay: overlay,
        scratch: folder)
    }

    private func findings(_ changes: [String: [UInt8]?]) async throws -> [String] {
      let result = try await check(changes)
      guard case .checked(let diagnostics) = result.outcome else { return ["\(result.outcome)"] }
      return diagnostics.map { "\($0.file ?? "-"):\($0.line ?? 0): \($0.message)" }
    }

    @Test func aCleanUnitIsClean() async throws {
      let result = try await check(nil)
      #expect(result.outcome == .checked([]))
      #expect(result.dependencies == ["drivers/a.c", "include/checker.h", "include/lock.h"])
    }

    @Test func findsEachFaultAtItsLine() async throws {
      let faults = """
        int undeclared;
        static int user(int __user *p) { return *p; }
        static unsigned endian(__le32 v) { unsigned x = v; return x; }
        static int spaces(int __user *p, int *q) { return p == q; }
        static void unbalanced(int a)
        {
        	take();
        	if (a)
        		return;
        	drop();
        }
        static void *kept[] = { user, endian, spaces, unbalanced, kept };

        """
      let found = try await findings(["drivers/a.c": Array((unit + faults).utf8)])
      #expect(found.contains("drivers/a.c:11: symbol 'undeclared' was not declared. Should it be static?"))
      #expect(found.contains("drivers/a.c:12: dereference of noderef expression"))
      #expect(found.contains { $0.hasPrefix("drivers/a.c:13: incorrect type in initializer (different base types)") })
      #expect(found.contains { $0.hasPrefix("drivers/a.c:14: incompatible types in comparison expression") })
      #expect(found.contains { $0.hasPrefix("drivers/a.c:15: context imbalance in 'unbalanced'") })
    }

    @Test func seesTheHeadersOfTheState() async throws {
      let moved = header.replacingOccurrences(of: "checker.h", with: "new/checker.h")
        .replacingOccurrences(of: "extern int declared;\n", with: "")
      let found = try await findings([
        "include/lock.h": Array(moved.utf8), "include/new/checker.h": Array(checker.utf8), "include/checker.h": nil,
      ])
      #expect(found == ["drivers/a.c:3: symbol 'declared' was not declared. Should it be static?"])
    }

    @Test func nothingIsKnownOfAUnitThatCannotBeRead() async throws {
      let deleted = try await check(["include/checker.h": nil])
      #expect(
        deleted.outcome
          == .unreadable("it cannot be preprocessed: include/lock.h:2: 'checker.h' file not found"))
      let broken = try await check(["drivers/a.c": Array((unit + "int f( {\n").utf8)])
      guard case .unreadable(let reason) = broken.outcome else {
        Issue.record("\(broken.outcome)")
        return
      }
      #expect(reason.hasPrefix("sparse cannot parse it: drivers/a.c:11: "))
    }
  }
}
