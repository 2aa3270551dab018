import Foundation
import Git

/// A work tree of the embedded kernel that the kernel's own make builds, as one does by hand.
actor RealTree {
  /// A message of a build: the line without its place in the file, and the file of the tree that it is about.
  struct Message: Hashable {
    var text: String
    var file: String?
  }

  /// A configuration, with its folder of objects.
  struct Lane {
    let name: String
    let arguments: [String]
    let objects: String
    /// What make says of the base.
    fileprivate var known: Set<Message> = []
  }

  private static let folders = ["drivers/iommu/", "drivers/vfio/"]
  private let source: String
  private(set) var lanes: [Lane] = []
  /// The files that are not as in the base.
  private var state: FaultySeries.State = [:]
  private let base: FaultySeries

  /// Checks the kernel out into `folder`, and builds the base in each lane.
  ///
  /// - Parameter targets: for each lane its architecture and the make target that configures it.
  init(in folder: String, lanes targets: [(name: String, arch: String, target: String)], fragment: [String])
    async throws
  {
    try? FileManager.default.removeItem(atPath: folder + "/linux")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    source = folder + "/linux"
    base = try await FaultySeries()
    let kernel = try await EmbeddedKernel.repository()
    try await Self.shell("git clone --quiet --shared '\(kernel)' '\(source)'", in: folder)
    for (name, arch, target) in targets {
      let objects = folder + "/" + name
      try? FileManager.default.removeItem(atPath: objects)
      try FileManager.default.createDirectory(atPath: objects, withIntermediateDirectories: true)
      let arguments = ["-C", source, "O=" + objects, "ARCH=" + arch, "LLVM=-19", "CC=ccache clang-19", "-k", "-j2"]
      try (fragment.joined(separator: "\n") + "\n").write(
        toFile: objects + "/fragment", atomically: true, encoding: .utf8)
      var lane = Lane(name: name, arguments: arguments, objects: objects)
      try await configure(lane, target)
      try await Self.shell(
        "scripts/kconfig/merge_config.sh -m -O '\(objects)' '\(objects)/.config' '\(objects)/fragment'", in: source)
      try await configure(lane, "olddefconfig")
      try await Self.shell("cp .config base.config", in: objects)
      lane.known = Set(try await build(lane))
      lanes.append(lane)
    }
  }

  /// What make says of a state and not of the base.
  func messages(of state: FaultySeries.State, _ lane: Lane) async throws -> [Message] {
    try write(state)
    return try await build(lane).filter { !lane.known.contains($0) }
  }

  /// Makes the work tree that of a state. Files that are as they should be keep their times.
  private func write(_ new: FaultySeries.State) throws {
    for path in Set(state.keys).union(new.keys) {
      let wanted = try new[path] ?? base.file(path, after: 0)
      let file = URL(fileURLWithPath: "\(source)/\(path)")
      guard wanted != (try? Data(contentsOf: file)).map(Array.init) else { continue }
      if let wanted { try Data(wanted).write(to: file) } else { try FileManager.default.removeItem(at: file) }
    }
    state = new
  }

  private func configure(_ lane: Lane, _ target: String) async throws {
    let run = try await make(lane, [target])
    guard run.status == 0 else { throw EmbeddedKernel.Unavailable(message: run.output) }
  }

  /// Configures and builds the folders, and has modpost look at all that is there.
  private func build(_ lane: Lane) async throws -> [Message] {
    try await Self.shell("cmp -s .config base.config || cp base.config .config", in: lane.objects)
    var said = messages(try await make(lane, ["olddefconfig"]).output)
    let compiled = try await make(lane, Self.folders)
    said += messages(compiled.output)
    guard compiled.status == 0 else { return said }
    // The part of the image that is there stands for vmlinux.o.
    let folders = Self.folders.filter { FileManager.default.fileExists(atPath: "\(lane.objects)/\($0)built-in.a") }
    try await Self.shell(
      "ld.lld-19 -r -o vmlinux.o --whole-archive " + folders.map { $0 + "built-in.a" }.joined(separator: " "),
      in: lane.objects)
    let orders = Self.folders.map { "\(lane.objects)/\($0)modules.order" }
    let modules = orders.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
      .flatMap { $0.split(separator: "\n") }.map { String($0.replacing(#/\.o$/#, with: ".ko")) }
    if !modules.isEmpty {
      // The other modules are not there, so modpost only warns of what it misses.
      let linked = try await make(lane, ["KBUILD_MODPOST_WARN=1", "KBUILD_MODPOST_NOFINAL=1"] + modules)
      said += messages(linked.output)
    }
    let missing = try await Command.tool(
      "llvm-nm-19", ["--undefined-only", "--just-symbol-name", "vmlinux.o"], in: lane.objects)
    return said + missing.output.split(separator: "\n").map { Message(text: "the image lacks \($0)") }
  }

  private func messages(_ output: String) -> [Message] {
    output.split(separator: "\n").filter { $0.contains(#/\b(?i:error|warning)\b|\*\*\*/#) }.map { line in
      let text = line.replacing(source + "/", with: "").replacing(#/:\d+(:\d+)?: /#, with: ": ")
        .replacing(#/^make\[\d+\]/#, with: "make")
      let file = text.firstMatch(of: #/(?:^|[\s'\[])((?:[\w.-]+/)+[\w.-]+\.(?:c|h|S|ko|o))\b/#)
      return Message(text: String(text), file: file.map { String($0.1.replacing(#/\.k?o$/#, with: ".c")) })
    }
  }

  private func make(_ lane: Lane, _ goals: [String]) async throws -> (status: Int32, output: String) {
    let result = try await Command.tool(
      "make", lane.arguments + goals, in: source,
      environment: ["KBUILD_BUILD_TIMESTAMP": "1970-01-01", "CCACHE_DIR": source + "/../ccache"])
    return (result.status, result.output + result.error)
  }

  private static func shell(_ script: String, in folder: String) async throws {
    let result = try await Command.tool("/bin/sh", ["-ec", script], in: folder)
    guard result.status == 0 else { throw EmbeddedKernel.Unavailable(message: script + ": " + result.error) }
  }
}
