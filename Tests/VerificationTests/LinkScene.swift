import Diagnostics
import Kbuild
import Synchronization
import TreeIndex

@testable import Verification

/// A small tree of sources and the objects that a lane makes of them, in place of a kernel and compilers.
final class LinkScene: LinkWorld {
  private let sources: [String: String]
  private let linked: [LinkedObject]
  private let asked = Mutex<[String]>([])

  init(_ sources: [String: String], _ linked: [LinkedObject] = []) {
    self.sources = sources
    self.linked = linked
  }

  /// The sources that have been compiled, in order.
  var compiled: [String] { asked.withLock { $0 } }

  func files(naming symbol: String) -> [String] {
    sources.filter { FileWords(Array($0.value.utf8)).contains(symbol) }.keys.sorted()
  }

  func contents(of path: String) -> [UInt8]? { sources[path].map { Array($0.utf8) } }

  func sources(including file: String) -> Set<String> {
    var reached: Set<String> = [file]
    while true {
      let more = sources.keys.filter { path in
        !reached.contains(path) && reached.contains { sources[path]?.includes($0) == true }
      }
      if more.isEmpty { break }
      reached.formUnion(more)
    }
    return reached.filter { $0.hasSuffix(".c") && $0 != file }
  }

  func targets(of source: String) -> Set<LinkTarget> {
    Set(linked.filter { $0.source == source }.map(\.target))
  }

  func objects(of source: String) -> [LinkedObject] {
    asked.withLock { $0.append(source) }
    return linked.filter { $0.source == source }
  }

  func sources(of module: LinkTarget) -> [String] {
    Set(linked.filter { $0.target == module }.map(\.source)).sorted()
  }

  func modpost(_ modules: [LinkTarget: [LinkedObject]], symvers: String) -> [ModpostMessage] {
    SceneModpost(modules: modules, symvers: symvers).messages
  }

  var computedExports: [ComputedExport] {
    sources.sorted { $0.key < $1.key }.flatMap { ComputedExport.found(in: $0.key, Array($0.value.utf8)) }
  }
}

extension String {
  /// Whether the text includes a header by its name, in whichever folder.
  fileprivate func includes(_ header: String) -> Bool {
    let name = header.split(separator: "/").last ?? ""
    return split(separator: "\n").contains { line in
      line.hasPrefix("#include") && line.split { "/<>\" ".contains($0) }.last == name
    }
  }
}

extension LinkedObject {
  init(
    _ source: String, _ target: LinkTarget = .builtIn, defines: Set<String> = [], needs: Set<String> = [],
    exports: [ObjectSymbols.Export] = [], discarded: Set<String> = [], imports: Set<String> = [],
    license: String? = "GPL v2", machine: Int = 62, object: String? = nil
  ) {
    self.init(
      object: object ?? source.dropLast(2) + ".o", source: source, target: target,
      symbols: ObjectSymbols(
        machine: machine, undefined: needs, defined: defines, discarded: discarded, exports: exports,
        importedNamespaces: imports,
        licenses: target.isModule ? Set([license].compactMap { $0 }) : []), state: 1)
  }
}

extension ObjectSymbols.Export {
  static func plain(_ name: String) -> Self { Self(name: name) }
  static func gpl(_ name: String, _ namespace: String = "") -> Self {
    Self(name: name, gplOnly: true, namespace: namespace)
  }
}

extension ObjectChange {
  init(_ before: LinkedObject?, _ after: LinkedObject?) { self.init(before: before, after: after) }
}
