import Diagnostics
import Foundation
import GitBinary
import Processes
import Support
import Synchronization
import Testing

@testable import Kbuild

/// Compares compiling through an engine with the compiler alone. Servers listen on loopback.
@Suite struct LauncherTests {
  /// The fake kernel with units that depend on macros, headers and the command line, one that does not compile, and one
  /// whose warning depends on where its tokens stand.
  private static let changes = [
    "include/linux/page.h": "#define NOTHING(x) do { if ((x) == (x)) ; } while (0)\nextern int page;\n",
    "drivers/main.c": """
    #include <linux/driver.h>
    #include "sub/own.h"
    #ifdef MODULE
    const char *main_name = ARCH __FILE__;
    #endif
    int main_part(void) { NOTHING(driver); return own + __LINE__; }

    """,
    "drivers/sub/own.h": """
    #if __has_include(<linux/page.h>)
    extern int own;
    #endif
    #pragma clang diagnostic warning "-Wunused-function"
    static inline int unused(void) { return 1; }

    """,
    "drivers/twice.c": "#ifdef TEST\nint test = sizeof(TEST);\n#endif\nint twice(void) { return 2; }\n",
    "virt/own.c": "int own = missing;\n",
    "arch/fake/cpu.c": """
    #include <linux/driver.h>
    int cpu(void) { if (driver) ; return driver; }

    """,
    "arch/fake/lib/copy.c": """
    #include "copy.h"
    #include <linux/driver.h>
    int copy(void) { return get(); }

    """,
    "arch/fake/lib/copy.h": "static int hidden;\ninline int get(void) { return hidden; }\n",
  ]
  private static let sources = [
    "drivers/main.c", "drivers/twice.c", "drivers/sub/part.c", "drivers/more/asm.S", "virt/own.c", "arch/fake/cpu.c",
    "arch/fake/lib/copy.c",
  ]

  /// The units' messages, and where the units were built.
  private struct Said: Equatable {
    var units: [String: [String]] = [:]
    var places: String?
    var notes: [String] = []
  }

  /// - Parameter overlay: the files laid over the tree.
  private func compile(
    _ sources: [String] = Self.sources, through launcher: String?, overlay: [String: String] = [:]
  ) async throws -> Said {
    let kernel = try FakeKernel(Self.changes)
    return try await compile(sources, of: kernel, through: launcher, overlay: overlay)
  }

  private func compile(
    _ sources: [String], of kernel: FakeKernel, through line: String?, overlay: [String: String] = [:]
  ) async throws -> Said {
    let notes = Mutex<[String]>([])
    let progress = Progress { event in
      if case .note(let text) = event { notes.withLock { $0.append(text) } }
    }
    let launcher = try line.map { try Launcher($0) }
    let kbuild = Kbuild(cache: kernel.cache, progress: progress, jobs: 2, launcher: launcher)
    let lane = try await kbuild.prepare(kernel.lane, source: kernel.source)
    let commands = try await kbuild.commands(for: sources, in: lane, makefiles: kernel.makefiles)
    let scratch = kernel.folder + "/scratch"
    try Files.makeFolder(scratch)
    let overlay = try Overlay(
      overlay.mapValues { Array($0.utf8) }, over: kernel.source, in: "\(kernel.folder)/overlay-\(UUID().uuidString)")
    var said = Said()
    for command in sources.flatMap({ commands[$0] ?? [] }) {
      let result = try await kbuild.compile(command, in: lane, overlay: overlay, scratch: scratch, keepObject: true)
      let symbols = result.object.flatMap { ObjectSymbols(elf: $0) }
      let diagnostics = result.diagnostics.map { "\($0)" }
      said.units[command.object] =
        ["\(result.termination)", "\(symbols.map { "\($0.defined.sorted())\($0.undefined.sorted())" } ?? "none")"]
        + diagnostics + result.dependencies
    }
    #expect(Files.names(in: scratch) == [])
    said.places = launcher?.places
    said.notes = notes.withLock { $0 }
    return said
  }

  @Test func whatPassesAsItIsCountsAndTheRestIsCompiledWithoutIt() async throws {
    try await withFolder { folder in
      let script = folder + "/count"
      try Script.write("#!/bin/sh\necho \"$@\" >> \(folder)/log\nexec \"$@\"\n", to: script)
      let alone = try await compile(through: nil)
      #expect(alone.units["drivers/kunit_twice.o"]?[1].contains("test") == true)
      #expect(alone.units["virt/own.o"]?.first == "exited with status 1")
      let counted = try await compile(through: script)
      for unit in ["arch/fake/cpu.o", "arch/fake/lib/copy.o"] {
        #expect(alone.units[unit]?.contains { $0.contains("warning") } == true, "\(alone.units[unit] ?? [])")
      }
      for (unit, said) in alone.units { #expect(counted.units[unit] == said) }
      #expect(counted.places == "\(script): 4 by \(script), 4 here")
      #expect(counted.notes == [])
      let log = try String(contentsOfFile: folder + "/log", encoding: .utf8).split(separator: "\n")
      // Units with a warning or an error, and assembler, do not go to the launcher.
      #expect(log.count == 4)
      #expect(log.allSatisfy { $0.hasPrefix("clang-19 ") && $0.hasSuffix(".i") && !$0.contains("/tree/") })
    }
  }

  @Test(arguments: ["exit 3", "exit 0", "\"$@\"; echo the server is full >&2", "kill -9 $$"])
  func whatALauncherBreaksIsCompiledWithoutItAndTold(body: String) async throws {
    try await withFolder { folder in
      let script = folder + "/breaks"
      try Script.write("#!/bin/sh\n\(body)\n", to: script)
      let sources = ["drivers/main.c", "drivers/twice.c"]
      let alone = try await compile(sources, through: nil)
      let broken = try await compile(sources, through: script)
      #expect(broken.units == alone.units)
      #expect(broken.places == "\(script): 3 here")
      #expect(broken.notes.count == 1)
      #expect(broken.notes.first?.contains("for drivers/main.c") == true)
      #expect(broken.notes.first?.hasSuffix("compiling it here") == true)
    }
  }

  @Test func aLauncherThatIsNotThereIsNamedWithItsPackage() {
    #expect {
      try Launcher("/nowhere/ccache --flag")
    } throws: { error in
      (error as? Failure)?.status == .unavailable
        && (error as? Failure)?.findings.first?.message.contains("/nowhere/ccache") == true
    }
    #expect(throws: Failure.self) { try Launcher(" ") }
  }

  @Test func ccacheKnowsATextAgainAndNoOther() async throws {
    try await withFolder { folder in
      let ccache = "env CCACHE_DIR=\(folder)/ccache CCACHE_CONFIGPATH=/dev/null ccache"
      let kernel = try FakeKernel(Self.changes)
      let sources = ["drivers/main.c", "drivers/sub/part.c"]
      let alone = try await compile(sources, of: kernel, through: nil)
      let first = try await compile(sources, of: kernel, through: ccache)
      #expect(first.units == alone.units)
      #expect(first.places == "ccache: 2 by ccache")
      let second = try await compile(sources, of: kernel, through: ccache)
      #expect(second.units == alone.units)
      #expect(second.places == "ccache: 2 from its cache")

      // The preprocessed text is the same; the compiler's messages are not.
      let unhidden = ["drivers/sub/part.c": "#define ONE 1\nint part(void) { return ONE; }\n"]
      let changed = try await compile(sources, of: kernel, through: ccache, overlay: unhidden)
      #expect(changed.places == "ccache: 1 by ccache, 1 from its cache")
    }
  }

  @Test func distccCompilesOnItsServerAndWithoutOneItIsDoneHere() async throws {
    try await withFolder { folder in
      let port = try freePort()
      let distcc = "env DISTCC_DIR=\(folder) DISTCC_HOSTS=127.0.0.1:\(port)/2 distcc"
      let sources = ["drivers/main.c", "drivers/twice.c", "virt/own.c"]
      let alone = try await compile(sources, through: nil)
      let down = try await compile(["drivers/twice.c"], through: distcc)
      #expect(down.places == "distcc: 2 here")
      #expect(down.notes.map { $0.prefix(30) } == ["distcc exited with status 116 "])

      // distccd leaves the process group that is killed with the test.
      let script = """
        distccd --daemon --no-detach --listen 127.0.0.1 --port \(port) --allow 127.0.0.1 --jobs 2 --log-stderr &
        trap "kill $!" TERM
        wait
        """
      let server = Task { try await run(Command("sh", ["-c", script], environment: ["TMPDIR": "/tmp"])) }
      defer { server.cancel() }
      for _ in 0..<100 where !accepts(port) { try await Task.sleep(for: .milliseconds(50)) }
      // distcc avoids a server for a minute after finding it down.
      try FileManager.default.removeItem(atPath: folder + "/lock")
      let up = try await compile(sources, through: distcc)
      #expect(up.units == alone.units)
      #expect(up.places == "distcc: 1 here, 3 on 127.0.0.1:\(port)/2")
      #expect(up.notes == [])
    }
  }

  @Test func theTextStandsForItself() async throws {
    try await withFolder { folder in
      try Files.write("seed\nrest\n".utf8, to: folder + "/randstruct.seed")
      let command = CompileCommand(
        arguments: [
          "clang-19", "-nostdinc", "-I/src/include", "-I", "x", "-include", "/src/kconfig.h", "-D__KERNEL__", "-D",
          "A(x)=x=1", "-Ulinux", "--target=aarch64-linux-gnu", "-frandomize-layout-seed-file=./randstruct.seed",
          "-mllvm", "-x", "-c",
        ], directory: folder, input: "/src/a.c", source: "a.c", object: "a.o", link: .builtIn)
      let steps = try #require(SelfContained(command))
      #expect(
        steps.compiling == [
          "clang-19", "-nostdinc", "-target", "aarch64-linux-gnu", "-frandomize-layout-seed=seed", "-mllvm", "-x", "-c",
          "-Qunused-arguments", "-x", "c",
        ])
      #expect(
        steps.definitions == """
          # 1 "<command line>"
          #define __KERNEL__ 1
          #define A(x) x=1
          #undef linux

          """)
      #expect(steps.preprocessing == command.arguments.dropLast() + ["-E", "-frewrite-includes"])
    }
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "launcher-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  /// A port without a listener.
  private func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    try #require(result)
    return UInt16(bigEndian: address.sin_port)
  }

  /// Whether a server accepts connections on the port.
  private func accepts(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return address
  }
}
