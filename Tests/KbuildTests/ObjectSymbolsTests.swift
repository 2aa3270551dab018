import Foundation
import Processes
import Support
import Testing

@testable import Kbuild

/// Compares objects of both widths and byte orders with the output of LLVM's own tools.
@Suite struct ObjectSymbolsTests {
  static let targets = [
    "x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabi", "s390x-linux-gnu", "powerpc-linux-gnu",
    "i386-linux-gnu",
  ]

  /// The kernel's macros as include/linux/export.h and include/linux/moduleparam.h expand them.
  static let source = #"""
    #define EXPORT(sym, license, ns) \
      extern __typeof__(sym) sym; \
      __asm__(".section \".export_symbol\",\"a\"\n__export_symbol_" #sym ":\n.asciz \"" license "\"\n" \
      ".ascii \"" ns "\\0\"\n.balign 8\n.long " #sym "\n.previous");
    #define MODINFO(name, text) \
      static const char name[] __attribute__((used, section(".modinfo"), aligned(1))) = text;
    extern int needed(int);
    extern int spare(int) __attribute__((weak));
    extern int elsewhere;
    int counter;
    const int table[2] = {1, 2};
    static int hidden(int x) { return needed(x) + 1; }
    int plain(int x) { return hidden(x) + counter; }
    int gpl(int x) { return spare ? spare(x) : x; }
    int spaced(int x) { return x; }
    int forModules(int x) { return x; }
    __attribute__((weak)) int fallback(int x) { return x; }
    __attribute__((used)) static int local(int x) { return x; }
    EXPORT(plain, "", "")
    EXPORT(gpl, "GPL", "")
    EXPORT(spaced, "GPL", "IOMMUFD")
    EXPORT(forModules, "GPL", "module:kvm,kvm-*")
    EXPORT(elsewhere, "", "")
    EXPORT(local, "", "")
    MODINFO(a, "license=GPL v2") MODINFO(b, "import_ns=DMA_BUF") MODINFO(c, "vfio.import_ns=IOMMUFD")
    MODINFO(d, "description=import_ns=NONE")
    """#

  /// The object that clang compiles from a source.
  static func object(_ source: String = source, target: String) async throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("objects-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let arguments = ["--target=\(target)", "-ffreestanding", "-O1", "-c", "-x", "c", "-", "-o", "\(folder)/a.o"]
    _ = try await requireSuccess(Command("clang-19", arguments, input: Array(source.utf8)), to: "compile")
    return try #require(Files.read("\(folder)/a.o"))
  }

  /// The global symbols that llvm-nm lists, by the letter of their type.
  static func listed(_ object: [UInt8]) async throws -> [Character: Set<String>] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).o").path
    try Data(object).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let outcome = try await requireSuccess(
      Command("llvm-nm-19", ["--format=posix", "--extern-only", path]), to: "list")
    return outcome.text.split(separator: "\n").reduce(into: [:]) { kinds, line in
      let words = line.split(separator: " ")
      if words.count > 1, let kind = words[1].first { kinds[kind, default: []].insert(String(words[0])) }
    }
  }

  @Test(arguments: targets) func readsWhatTheToolsRead(target: String) async throws {
    let object = try await Self.object(target: target)
    let symbols = try #require(ObjectSymbols(elf: object))
    let listed = try await Self.listed(object)
    #expect(symbols.undefined == listed["U"])
    #expect(symbols.weakUndefined == listed["w"])
    #expect(symbols.weakDefined == listed["W"])
    #expect(symbols.defined == Set(listed.filter { !"UwWvV".contains($0.key) }.flatMap(\.value)))
    #expect(symbols.undefined.isSuperset(of: ["needed", "elsewhere"]))
    #expect(symbols.defined == ["counter", "table", "plain", "gpl", "spaced", "forModules"])
  }

  @Test(arguments: targets) func readsExportsAndModuleInformation(target: String) async throws {
    let symbols = try #require(ObjectSymbols(elf: try await Self.object(target: target)))
    #expect(
      symbols.exports == [
        .init(name: "elsewhere"), .init(name: "forModules", gplOnly: true, namespace: "module:kvm,kvm-*"),
        .init(name: "gpl", gplOnly: true), .init(name: "local"), .init(name: "plain"),
        .init(name: "spaced", gplOnly: true, namespace: "IOMMUFD"),
      ])
    #expect(symbols.importedNamespaces == ["DMA_BUF", "IOMMUFD"])
    #expect(symbols.licenses == ["GPL v2"])
  }

  @Test func tellsTheMachine() async throws {
    let machines = try await [Self.object(target: "x86_64-linux-gnu"), Self.object(target: "s390x-linux-gnu")]
      .map { ObjectSymbols(elf: $0)?.machine }
    #expect(machines == [62, 22])
  }

  @Test func countsSectionsBeyondSixteenBits() async throws {
    let many = (0..<66_000).map { "__asm__(\".section s\($0),\\\"a\\\"\\n.previous\");" }.joined(separator: "\n")
    let object = try await Self.object(Self.source + many, target: "x86_64-linux-gnu")
    let symbols = try #require(ObjectSymbols(elf: object))
    #expect(symbols.defined.count == 6)
    #expect(symbols.exports.count == 6)
  }

  @Test func whatIsNoObjectIsRefused() async throws {
    let object = try await Self.object("int a;", target: "x86_64-linux-gnu")
    #expect(ObjectSymbols(elf: object)?.defined == ["a"])
    var executable = object
    executable[16] = 2
    for bytes in [[], [0x7f], Array("#!/bin/sh\n".utf8), Array(repeating: 0, count: 100), executable] {
      #expect(ObjectSymbols(elf: bytes) == nil)
    }
  }

  /// The compiler of an object may have been killed: no damaged object may end the run.
  @Test(arguments: ["x86_64-linux-gnu", "powerpc-linux-gnu"]) func damageIsSurvived(target: String) async throws {
    let object = try await Self.object(target: target)
    for length in 0..<object.count { #expect(ObjectSymbols(elf: Array(object[..<length])) == nil) }
    for index in object.indices {
      for value: UInt8 in [0, 0x5a, 0x7f, 0x80, 0xff] {
        var damaged = object
        damaged[index] = value
        if index + 8 <= object.count, value > 0x7f { for next in index..<index + 8 { damaged[next] = value } }
        _ = ObjectSymbols(elf: damaged)
      }
    }
  }
}
