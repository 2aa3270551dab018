import Diagnostics
import Kbuild
import Processes
import Support

/// Builds each devicetree that includes a changed file with Kbuild's own rule.
struct DevicetreeCheck: FileCheck {
  let kbuild: Kbuild
  let lanes: [Lane]
  /// The versions of the compilers.
  let compilers: String
  let scratch: String

  let name = CheckName.devicetree
  let depth = Depth.compile
  var identity: String {
    (lanes.map { ([$0.arch] + $0.toolchain).joined(separator: " ") } + [compilers]).joined(separator: "\n")
  }

  /// How many devicetrees are built for the files of one commit. A header that more of them include, such as
  /// `dt-bindings/gpio/gpio.h`, would take longer than everything else.
  private static let most = 400

  func covers(_ path: String) -> Bool {
    path.hasPrefix("include/dt-bindings/")
      || path.hasPrefix("arch/") && path.contains("/boot/dts/")
        && [".dts", ".dtsi", ".dtso", ".h"].contains(where: path.hasSuffix)
  }

  func look(at changed: [String], in tree: SourceTree) async throws(Failure) -> FileLook {
    let paths = changed.filter(covers)
    var look = FileLook()
    var roots: Set<String> = []
    for path in paths {
      let found = try await sources(including: path, in: tree)
      if !Files.exists("\(tree.path)/\(path)") {
        look.seen.insert(path)
        if Self.isSource(path), let makefile = try await makefile(listing: path, in: tree) {
          look.problems.append(
            Diagnostic(file: makefile, severity: .error, message: "lists the devicetree of \(path), which is gone"))
        }
      }
      if found.isEmpty, Files.exists("\(tree.path)/\(path)") {
        look.missing[path] = .init(why: "no devicetree includes it")
      } else if found.count > Self.most {
        look.missing[path] = .init(
          why: "\(found.count) devicetrees include it, and at most \(Self.most) are built", needs: "make dtbs")
      } else {
        roots.formUnion(found)
      }
    }
    for (architecture, sources) in Dictionary(grouping: roots, by: { KernelPaths.architecture($0) ?? "" }) {
      guard let lane = lanes.first(where: { $0.architectureFolder == architecture }) else {
        // Other architectures may have devicetrees that include it.
        for path in paths where look.missing[path] == nil {
          look.missing[path] = .init(why: "no lane is of the architecture '\(architecture)'", needs: "a lane for it")
        }
        continue
      }
      let watch = ReadWatch(paths, in: tree.path)
      look.problems += try await kbuild.devicetreeProblems(
        sources.sorted(), lane: lane, source: tree, build: "\(scratch)/dtb-\(architecture)")
      look.seen.formUnion(watch.openedPaths().union(sources))
    }
    for path in paths where !look.seen.contains(path) && look.missing[path] == nil {
      look.missing[path] = .init(why: "no devicetree that was built includes it")
    }
    look.problems.sort { ($0.file ?? "", $0.line ?? 0) < ($1.file ?? "", $1.line ?? 0) }
    return look
  }

  /// The devicetree sources that include a file, by way of others as well; a source itself among them.
  ///
  /// Files of the same name count as one: too many rather than too few are built.
  private func sources(including path: String, in tree: SourceTree) async throws(Failure) -> Set<String> {
    var found: Set<String> = []
    var known: Set<String> = [path]
    var pending = [path]
    while !pending.isEmpty {
      found.formUnion(pending.filter { Self.isSource($0) && Files.exists("\(tree.path)/\($0)") })
      let names = Set(pending.filter { !Self.isSource($0) }.map { String($0.split(separator: "/").last ?? "") })
      let includers = try await files(including: names, in: tree)
      pending = includers.filter { known.insert($0).inserted }
    }
    return found
  }

  private func files(including names: Set<String>, in tree: SourceTree) async throws(Failure) -> [String] {
    let patterns = names.sorted().map { "include.*[/\"<]\($0.replacing(".", with: "[.]"))[\">]" }
    return try await TreeGrep.lines(
      "-lE", for: patterns, in: ["arch/*/boot/dts/*", "include/dt-bindings/*"], of: tree.path
    ).map(String.init)
  }

  /// The makefile of a devicetree's folder, or of one above, that lists what is built of it.
  private func makefile(listing path: String, in tree: SourceTree) async throws(Failure) -> String? {
    let stem = path.split(separator: "/").last?.split(separator: ".").first ?? ""
    let lines = try await TreeGrep.lines(
      "-lwF", for: ["\(stem).dtb", "\(stem).dtbo"], in: ["\(KernelPaths.folder(path))/Makefile"], of: tree.path)
    return lines.first.map(String.init)
  }

  private static func isSource(_ path: String) -> Bool { path.hasSuffix(".dts") || path.hasSuffix(".dtso") }
}
