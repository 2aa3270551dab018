public import Diagnostics
import FoundationEssentials
import Processes
import Support

/// Objects that are linked into the kernel's image or a module, or some of them.
public struct PartialLink: Sendable {
  /// What they are linked into: the image or a module.
  public var target: LinkTarget
  /// The contents of the object files; at least one.
  public var objects: [[UInt8]]

  /// Collects objects of an image or module; nothing is linked yet.
  public init(_ target: LinkTarget, _ objects: [[UInt8]]) {
    self.target = target
    self.objects = objects
  }
}

/// An error or warning of modpost.
public struct ModpostMessage: Hashable, Sendable {
  /// Whether it fails a build.
  public var severity: Finding.Severity
  /// Its first line, without modpost's name and without offsets into sections, which any change of code moves.
  public var text: String

  /// Assembles a message from its parts.
  public init(_ severity: Finding.Severity, _ text: String) {
    self.severity = severity
    self.text = text
  }
}

extension Kbuild {
  /// Runs modpost, which the lane has built from the kernel's own source (`scripts/mod`), over images and modules.
  ///
  /// Symbol versions are left out: they need a whole build.
  ///
  /// - Parameters:
  ///   - links: the image and the modules to look at. Objects of a link are linked with `ld -r`, as Kbuild does.
  ///   - symvers: what everything else exports, in the format of `Module.symvers`.
  ///   - scratch: the absolute path of an existing folder for temporary files.
  /// - Throws: `Failure(.unavailable)` when the linker fails or modpost does not run to its end;
  ///   `Failure(.interrupted)`. What modpost finds is not an error.
  public func modpost(
    _ links: [PartialLink], symvers: String = "", in lane: PreparedLane, scratch: String
  ) async throws(Failure) -> [ModpostMessage] {
    let folder = "\(scratch)/\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    var names: [String] = []
    for link in links { names.append(try await partialLink(link, in: folder, lane)) }
    try Files.write(symvers.utf8, to: "\(folder)/Module.symvers")
    var command = Command(
      "\(lane.build)/scripts/mod/modpost", modpostFlags(lane) + ["-i", "Module.symvers"] + names,
      environment: Self.environment, clearEnvironment: true, directory: folder)
    command.sandbox = sandbox(reading: lane.source, writing: folder)
    let outcome = try await run(command)
    guard case .exited(0...1) = outcome.termination else {
      throw failure(of: command, outcome, to: "run modpost in the lane \(lane.lane.name)")
    }
    let messages = ModpostMessage.parse(outcome.errorText)
    guard !ModpostMessage.isCut(outcome.errorText),
      outcome.succeeded || messages.contains(where: { $0.severity == .error })
    else { throw failure(of: command, outcome, to: "run modpost in the lane \(lane.lane.name)") }
    return messages
  }

  /// Writes the objects of an image or module as one, under the name that modpost knows it by, which is returned.
  private func partialLink(
    _ link: PartialLink, in folder: String, _ lane: PreparedLane
  ) async throws(Failure) -> String {
    let name = if case .module(let path) = link.target { "\(path).o" } else { "vmlinux.o" }
    let path = "\(folder)/\(name)"
    try Files.makeFolder(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)))
    // From this list modpost would compute `srcversion`, for a module with a MODULE_VERSION.
    try Files.write([], to: "\(path.dropLast(2)).mod")
    guard link.objects.count > 1 else {
      try Files.write(link.objects.first ?? [], to: path)
      return name
    }
    var parts: [String] = []
    for (index, object) in link.objects.enumerated() {
      parts.append("\(path).\(index).o")
      try Files.write(object, to: parts[index])
    }
    var command = Command(
      Toolchain(lane.lane).linker, ["-r", "-z", "muldefs", "-o", path] + parts, environment: Self.environment,
      clearEnvironment: true, directory: folder)
    command.sandbox = sandbox(reading: lane.source, writing: folder)
    try await requireSuccess(command, to: "link \(name) in the lane \(lane.lane.name)")
    return name
  }

  /// The flags that `scripts/Makefile.modpost` passes, but for symbol versions.
  private func modpostFlags(_ lane: PreparedLane) -> [String] {
    func text(_ path: String) -> String { String(decoding: Files.read(path) ?? [], as: UTF8.self) }
    // An old modpost has no option to say whether there are modules.
    let asks = text("\(lane.source.path)/scripts/Makefile.modpost").contains("CONFIG_MODULES),-M)")
    return asks && text("\(lane.build)/.config").contains("\nCONFIG_MODULES=y") ? ["-M"] : []
  }
}

extension ModpostMessage {
  /// Whether modpost ended early: with a fatal error, or for a file that it cannot read, which it reports by perror(3).
  static func isCut(_ output: String) -> Bool {
    output.split(separator: "\n").contains { line in
      line.hasPrefix("FATAL: modpost: ") || line.wholeMatch(of: #/\S+: [A-Z][a-z ]+/#) != nil
    }
  }

  /// The messages in modpost's output. Lines that explain one are left out.
  static func parse(_ output: String) -> [ModpostMessage] {
    let marks: [(String, Finding.Severity)] = [
      ("ERROR: modpost: ", .error), ("WARNING: modpost: ", .warning),
    ]
    return output.split(separator: "\n").compactMap { line -> ModpostMessage? in
      guard let (mark, severity) = marks.first(where: { line.hasPrefix($0.0) }) else { return nil }
      return ModpostMessage(
        severity, String(line.dropFirst(mark.count)).replacing(#/\+?0x[0-9a-f]+ \(section/#, with: " (section"))
    }
  }
}
