import Diagnostics
import Kbuild
import Synchronization

/// A state of a series in a lane, for the link check. Its objects come from the lane's compiler.
final class LaneWorld: LinkWorld {
  private let lane: LaneCompilers
  private let state: Int
  private let view: TreeView
  private let index: StateIndex
  private let exports: ComputedExports
  private let record = Mutex(Record())

  private struct Record {
    var work = CompileWork()
    var unknown: Set<String> = []
    var files: [String: [String]] = [:]
  }

  init(_ lane: LaneCompilers, at state: Int, view: TreeView, index: StateIndex, exports: ComputedExports) {
    (self.lane, self.state, self.view, self.index, self.exports) = (lane, state, view, index, exports)
  }

  /// What was compiled to answer the link check.
  var work: CompileWork { record.withLock { $0.work } }

  /// Sources that were asked for and do not compile.
  var unknown: Set<String> { record.withLock { $0.unknown } }

  func files(naming symbol: String) -> [String] {
    if let known = record.withLock({ $0.files[symbol] }) { return known }
    expect([symbol])
    return record.withLock { $0.files[symbol] ?? [] }
  }

  func expect(_ symbols: Set<String>) {
    let found = index.paths(naming: symbols)
    record.withLock { record in for symbol in symbols { record.files[symbol] = found[symbol] ?? [] } }
  }

  func contents(of path: String) -> [UInt8]? { view.contents(of: path) }

  func sources(of module: LinkTarget) async throws(Failure) -> [String] {
    guard case .module(let path) = module, let compiler = lane.at(state)?.compiler else { return [] }
    return try await compiler.sources(of: path)
  }

  func modpost(
    _ modules: [LinkTarget: [LinkedObject]], symvers: String
  ) async throws(Failure) -> [ModpostMessage] {
    guard let compiler = lane.at(state)?.compiler else { return [] }
    var links: [PartialLink] = []
    for (target, objects) in modules.sorted(by: { $0.key.name < $1.key.name }) {
      var contents: [[UInt8]] = []
      for object in objects { contents += [try await bytes(object)].compactMap { $0 } }
      if !contents.isEmpty { links.append(PartialLink(target, contents)) }
    }
    return try await compiler.modpost(links, symvers: symvers)
  }

  /// The object file; nil when it does not compile, which has been reported then.
  private func bytes(_ object: LinkedObject) async throws(Failure) -> [UInt8]? {
    guard let compiler = lane.at(object.state),
      let command = try await compiler.compiler.commands(for: [object.source])[object.source]?
        .first(where: { $0.object == object.object })
    else { return nil }
    return try await compiler.object(of: command, at: object.state)
  }

  func sources(including file: String) -> Set<String> { index.includers(of: [file]).filter(KernelPaths.isUnit) }

  func targets(of source: String) async throws(Failure) -> Set<LinkTarget> {
    Set(try await commands(for: source).map(\.link))
  }

  func objects(of source: String) async throws(Failure) -> [LinkedObject] {
    var found: [LinkedObject] = []
    for command in try await commands(for: source) {
      guard let symbols = try await symbols(command) else {
        record.withLock { _ = $0.unknown.insert(source) }
        continue
      }
      found.append(
        LinkedObject(object: command.object, source: source, target: command.link, symbols: symbols, state: state))
    }
    return found
  }

  var computedExports: [ComputedExport] {
    get async throws(Failure) { try await exports.found(in: view) }
  }

  private func commands(for source: String) async throws(Failure) -> [CompileCommand] {
    guard view.has(source), KernelPaths.isUnit(source), let compiler = lane.at(state)?.compiler else { return [] }
    return try await compiler.commands(for: [source])[source] ?? []
  }

  private func symbols(_ command: CompileCommand) async throws(Failure) -> ObjectSymbols? {
    guard let compiler = lane.at(state) else { return nil }
    var answer = try await compiler.compile(command, at: state, symbols: true)
    if case .missesFile = answer.outcome {
      try await compiler.compiler.makePrerequisites(of: [command.object])
      answer = try await compiler.compile(command, at: state, symbols: true)
    }
    record.withLock { $0.work.count(answer) }
    return answer.symbols
  }
}
