public import Diagnostics
import FoundationEssentials
import Processes
import Support

extension Kbuild {
  /// What the lane's preparation made of files of the tree, from the `.cmd` files it left.
  ///
  /// A series that changes any of the dependencies may change headers that everything in the lane includes, and these
  /// were made from the lane's own tree.
  ///
  /// - Throws: `Failure(.unavailable)` when the lane's record cannot be read.
  public func generators(in lane: PreparedLane) throws(Failure) -> [Generator] {
    let path = Self.generatorsFile(lane)
    guard let bytes = Files.read(path), let list = try? JSONDecoder().decode([Generator].self, from: Data(bytes)) else {
      throw Failure(
        .unavailable, at: Place(path), "cannot read what preparing the lane \(lane.lane.name) generated",
        notes: ["remove the folder \(lane.build), so that the lane is prepared again"])
    }
    return list
  }

  static func generatorsFile(_ lane: PreparedLane) -> String { lane.build + "/.generators.json" }

  /// Collects the generators before anything else is built in the lane.
  static func recordGenerators(of lane: PreparedLane) throws(Failure) {
    let paths = TreePaths(source: lane.source.path, build: lane.build)
    var list: [Generator] = []
    for name in commandFiles(in: lane.build) {
      guard let bytes = Files.read("\(lane.build)/\(name)"),
        let file = CommandFile(String(decoding: bytes, as: UTF8.self))
      else { continue }
      let generator = generator(file, name: name, paths)
      if !generator.dependencies.isEmpty { list.append(generator) }
    }
    let data: Data
    do { data = try JSONEncoder().encode(list.sorted { $0.product < $1.product }) } catch {
      throw Failure(.unavailable, "cannot record what preparing the lane generated", notes: ["\(error)"])
    }
    try Files.write(data, to: generatorsFile(lane))
  }

  private static func generator(_ file: CommandFile, name: String, _ paths: TreePaths) -> Generator {
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
      // A script: fixdep did not look, and the command names what it reads.
      for word in ShellWords.commands(file.command).joined() {
        if let path = treeFile(word[...]) { dependencies.insert(path) }
      }
    }
    return Generator(product: product, source: source, dependencies: dependencies.sorted())
  }

  /// Where the command ran: in the build folder, but the tools' own build runs in the sources' folder.
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

  /// The `.cmd` files below a build folder. Those of the exported user headers are not among them: nothing that is compiled
  /// in a lane reads `usr/include`.
  private static func commandFiles(in build: String) -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: build)) ?? []
    return names.filter { $0.hasSuffix(".cmd") && !$0.hasPrefix("usr/") }.sorted()
  }
}
