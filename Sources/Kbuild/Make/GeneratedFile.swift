public import Diagnostics
import FoundationEssentials
import Processes
import Support

/// A file that preparing a lane generated from the source tree: a header from kernel/bounds.c, a system call table, a
/// host program.
public struct GeneratedFile: Sendable, Hashable, Codable {
  /// The generated file, as a path in the build folder: "kernel/bounds.s".
  public var product: String
  /// The compiled source, as a path in the tree; nil when a script made the product.
  public var source: String?
  /// The files of the tree that the product depends on, including the source, as sorted paths in the tree.
  public var dependencies: [String]

  /// A generated file with these parts.
  public init(product: String, source: String?, dependencies: [String]) {
    self.product = product
    self.source = source
    self.dependencies = dependencies
  }
}

extension Kbuild {
  /// The files that the lane's preparation generated from the tree, as its `.cmd` files recorded them.
  ///
  /// The lane's generated headers come from its own tree. A series that changes any of their dependencies may change
  /// headers that everything in the lane includes.
  ///
  /// - Throws: `Failure(.unavailable)` when the lane's record cannot be read.
  public func generatedFiles(in lane: PreparedLane) throws(Failure) -> [GeneratedFile] {
    let path = Self.generatedFilesRecord(lane)
    guard let bytes = Files.read(path), let list = try? JSONDecoder().decode([GeneratedFile].self, from: Data(bytes))
    else {
      throw Failure(
        .unavailable, at: Place(path), "cannot read the list of files generated for the lane \(lane.lane.name)",
        notes: ["remove the folder \(lane.build) to have the lane prepared again"])
    }
    return list
  }

  static func generatedFilesRecord(_ lane: PreparedLane) -> String { lane.build + "/.generators.json" }

  /// Records the generated files. Must run before anything else is built in the lane.
  static func recordGeneratedFiles(of lane: PreparedLane) throws(Failure) {
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    var list: [GeneratedFile] = []
    for name in commandFiles(in: lane.build) {
      guard let bytes = Files.read("\(lane.build)/\(name)"),
        let file = CommandFile(String(decoding: bytes, as: UTF8.self))
      else { continue }
      let generated = generatedFile(file, name: name, paths)
      if !generated.dependencies.isEmpty { list.append(generated) }
    }
    let data: Data
    do { data = try JSONEncoder().encode(list.sorted { $0.product < $1.product }) } catch {
      throw Failure(.unavailable, "cannot record the files generated for the lane", notes: ["\(error)"])
    }
    try Files.write(data, to: generatedFilesRecord(lane))
  }

  private static func generatedFile(_ file: CommandFile, name: String, _ paths: TreePaths) -> GeneratedFile {
    let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    let product = "\(name[..<slash])\(name[slash...].dropFirst().dropLast(".cmd".count))"
    let directory = directory(of: file, product: product, paths)
    func treeFile(_ name: Substring) -> String? {
      guard case .source(let path) = paths.locate(name.hasPrefix("/") ? name : "\(directory)/\(name)") else {
        return nil
      }
      return isFile("\(paths.source)/\(path)") ? path : nil
    }
    let source = file.source.flatMap(treeFile)
    var dependencies = Set(file.dependencies.compactMap(treeFile))
    if let source { dependencies.insert(source) }
    if file.source == nil {
      // fixdep does not run for a script, but the command names the files it reads.
      for word in ShellWords.commands(file.command).joined() {
        if let path = treeFile(word[...]) { dependencies.insert(path) }
      }
    }
    return GeneratedFile(product: product, source: source, dependencies: dependencies.sorted())
  }

  /// The folder the command ran in: the build folder, or the folder of the sources for the tools' own build.
  ///
  /// A tool's library is built in a folder of the tool: tools/lib/subcmd in tools/objtool/libsubcmd.
  private static func directory(of file: CommandFile, product: String, _ paths: TreePaths) -> String {
    guard product.hasPrefix("tools/"), let source = file.source, let slash = product.lastIndex(of: "/") else {
      return paths.build
    }
    let folder = product[..<slash]
    let library = "tools/lib/\(folder[(folder.lastIndex(of: "/") ?? folder.startIndex)...].dropFirst("/lib".count))"
    let found = ["\(paths.source)/\(folder)", "\(paths.source)/\(library)"].first { isFile("\($0)/\(source)") }
    return found ?? paths.build
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
  }

  /// The `.cmd` files below a build folder, except those of the exported user headers: nothing compiled in a lane reads
  /// `usr/include`.
  private static func commandFiles(in build: String) -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: build)) ?? []
    return names.filter { $0.hasSuffix(".cmd") && !$0.hasPrefix("usr/") }.sorted()
  }
}
