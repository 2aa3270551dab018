import Diagnostics
import FoundationEssentials
import Kbuild
import Processes
import Support
import Synchronization

/// Compiles units of a lane as Kbuild does, with a state's files laid over the one checkout of its epoch's tree.
final class KbuildUnitCompiler: UnitCompiler {
  private let kbuild: Kbuild
  private let prepared: PreparedLane
  private let makefiles: Lazily<MakefileIndex>
  private let slots: JobSlots
  /// By state.
  private let overlays: [Int: Overlay]
  private let scratch: String
  /// Objects whose prerequisites have been built.
  private let made = Mutex<Set<String>>([])

  init(
    kbuild: Kbuild, prepared: PreparedLane, makefiles: Lazily<MakefileIndex>, slots: JobSlots, overlays: [Int: Overlay],
    scratch: String
  ) {
    (self.kbuild, self.prepared, self.makefiles) = (kbuild, prepared, makefiles)
    (self.slots, self.overlays, self.scratch) = (slots, overlays, scratch)
  }

  var lane: String { prepared.lane.name }
  var architecture: String { prepared.lane.architectureFolder }
  var identity: String { prepared.identity }

  var configuration: Configuration {
    Configuration(String(decoding: Files.read("\(prepared.build)/.config") ?? [], as: UTF8.self))
  }

  func form(of command: CompileCommand) -> [String] { form(of: command.arguments) }

  /// Arguments as they read in every checkout and build folder.
  func form(of arguments: [String]) -> [String] {
    let folders = [(prepared.source.path, "$(srctree)"), (prepared.build, "$(objtree)")]
    return arguments.map { $0.naming(folders) }
  }

  func commands(for sources: [String]) async throws(Failure) -> [String: [CompileCommand]] {
    let possible = sources.filter { !$0.hasPrefix("arch/") || $0.hasPrefix("arch/\(architecture)/") }
    return try await kbuild.commands(for: possible, in: prepared, makefiles: makefiles.value)
  }

  func reads(_ paths: [String]) async throws(Failure) -> Set<String> {
    try await kbuild.filesRead(among: paths, in: prepared)
  }

  func makePrerequisites(of objects: [String]) async throws(Failure) {
    _ = try await kbuild.build(objects, in: prepared)
    made.withLock { $0.formUnion(objects) }
  }

  /// Runs sparse over a unit.
  func check(
    _ command: CompileCommand, with sparse: Sparse, _ flags: [String], at state: Int
  ) async throws(Failure) -> SparseResult {
    try await slots.withSlot { () async throws(Failure) in
      try await kbuild.sparse(
        command, with: sparse, flags: flags, in: prepared, overlay: overlays[state], scratch: scratch)
    }
  }

  /// The flags that Kbuild gives a checker besides the compiler's.
  func checkFlags() async throws(Failure) -> [String] { try await kbuild.checkFlags(of: prepared) }

  func compile(_ command: CompileCommand, at state: Int) async throws(Failure) -> UnitOutcome {
    let result = try await slots.withSlot { () async throws(Failure) in
      try await kbuild.compile(command, in: prepared, overlay: overlays[state], scratch: scratch, keepObject: true)
    }
    if let reason = result.environmentFailure { return .environment(reason) }
    let symbols = result.object.flatMap { ObjectSymbols(elf: $0) }
    let finished = UnitResult(
      succeeded: result.succeeded,
      diagnostics: result.diagnostics + (symbols == nil ? [] : try await judge(result.object ?? [], command)),
      dependencies: Set(result.dependencies), symbols: symbols, object: result.object, seconds: result.seconds)
    // clang's words, and GCC's.
    let missesFile = result.diagnostics.contains {
      $0.message.hasSuffix("file not found") || $0.message.hasSuffix("No such file or directory")
    }
    guard missesFile, !made.withLock({ $0.contains(command.object) }),
      !Files.exists("\(prepared.build)/\(command.object)")
    else { return .finished(finished) }
    return .missesFile(finished)
  }

  func compile(
    _ command: CompileCommand, with files: [String: [UInt8]?]
  ) async throws(Failure) -> CompileResult? {
    let folder = "\(scratch)/\(UUID().uuidString)"
    let overlay = try await kbuild.overlay(files, over: prepared.source, for: [prepared], in: folder)
    defer { try? Files.remove(folder) }
    return try await slots.withSlot { () async throws(Failure) in
      try await kbuild.compile(command, in: prepared, overlay: overlay, scratch: scratch)
    }
  }

  func modpost(_ links: [PartialLink], symvers: String) async throws(Failure) -> [ModpostMessage] {
    try await slots.withSlot { () async throws(Failure) in
      try await kbuild.modpost(links, symvers: symvers, in: prepared, scratch: scratch)
    }
  }

  func sources(of module: String) async throws(Failure) -> [String] {
    try await kbuild.sources(of: module, in: prepared)
  }

  /// What modpost says about an object by itself, such as code that refers to `__init` code or data.
  private func judge(_ object: [UInt8], _ command: CompileCommand) async throws(Failure) -> [Diagnostic] {
    guard command.link != .separate else { return [] }
    // Under the image's name, modpost asks for no licence and for no definition of what the object uses.
    return try await modpost([PartialLink(.builtIn, [object])], symvers: "").map { message in
      Diagnostic(file: command.source, severity: message.severity, message: message.aboutPart)
    }
  }
}

extension ModpostMessage {
  /// The message without the name of the image or module it begins with, so that it is the same for each part.
  var aboutPart: String {
    guard let colon = text.firstRange(of: ": "), !text[..<colon.lowerBound].contains(" ") else { return text }
    return String(text[colon.upperBound...])
  }
}

/// A value computed on first use.
final class Lazily<Value: Sendable>: Sendable {
  private let make: @Sendable () -> Value
  private let made = Mutex<Value?>(nil)

  init(_ make: @escaping @Sendable () -> Value) { self.make = make }

  var value: Value {
    made.withLock { made in
      let value = made ?? make()
      made = value
      return value
    }
  }
}

extension String {
  /// The text with a word in place of the path of each folder. For a compiler's arguments, which every lookup of a verdict
  /// needs, `replacing` takes fifteen times as long (5 ms).
  fileprivate func naming(_ folders: [(path: String, word: String)]) -> String {
    var (result, rest) = ("", utf8[...])
    while let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
      if let folder = folders.first(where: { rest[slash...].starts(with: $0.path.utf8) }) {
        result += Substring(rest[..<slash]) + folder.word
        rest = rest[slash...].dropFirst(folder.path.utf8.count)
      } else {
        let next = rest.index(after: slash)
        result += Substring(rest[..<next])
        rest = rest[next...]
      }
    }
    return result + Substring(rest)
  }
}
