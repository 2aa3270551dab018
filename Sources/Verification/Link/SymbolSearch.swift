import CSource
import Diagnostics
import Kbuild

/// Finds the objects of a state that define or export a symbol.
///
/// Text says where to look; objects decide. No source is asked for its objects twice at a state.
actor SymbolSearch<World: LinkWorld> {
  private let world: World
  private let changes: LinkChanges
  /// How many sources with objects the search for one symbol looks at.
  private let limit = 16
  private var known: [String: [LinkedObject]] = [:]
  private var definitions: [String: [(path: String, mentions: SymbolMentions)]] = [:]
  private var includers: [String: RankedSources] = [:]

  init(world: World, changes: LinkChanges) {
    self.world = world
    self.changes = changes
  }

  /// What is known about a symbol once the search has ended.
  struct Result: Sendable {
    /// The objects that define or export it.
    var providers: [LinkedObject] = []
    /// Files that define or export it by name, but of which the lane builds no object.
    var unbuilt: [String] = []
    /// Whether more places are possible than were looked at.
    var isCut = false
    /// Whether a linker script names it.
    var isScripted = false
    /// Whether any file names it.
    var isNamed = false
  }

  /// The objects of a source at this state.
  func objects(of source: String) async throws(Failure) -> [LinkedObject] {
    if let changed = changes.objects(of: source) { return changed }
    if let known = known[source] { return known }
    let found = try await world.objects(of: source)
    known[source] = found
    return found
  }

  /// The files that may define or export a symbol.
  func definitions(of symbol: String) async throws(Failure) -> [(path: String, mentions: SymbolMentions)] {
    if let known = definitions[symbol] { return known }
    var found: [(path: String, mentions: SymbolMentions)] = []
    for path in try await world.files(naming: symbol) {
      guard let bytes = world.contents(of: path) else { continue }
      guard path.contains(".lds") || SymbolMentions.mayProvide(symbol, in: path, bytes) else { continue }
      found.append((path, SymbolMentions(of: symbol, in: path, bytes)))
    }
    // Compiled files come before headers, whose code may be in the objects of many sources.
    found = found.filter { !$0.path.hasSuffix(".h") } + found.filter { $0.path.hasSuffix(".h") }
    definitions[symbol] = found
    return found
  }

  /// Whether a symbol may lie in a section that is thrown away: its definition is marked `__init`, `__exit` or the like.
  func mayBeDiscarded(_ symbol: String) async throws(Failure) -> Bool {
    for (path, mentions) in try await definitions(of: symbol) where mentions.defines {
      guard let bytes = world.contents(of: path) else { continue }
      for position in WordPositions.of(symbol, in: bytes) {
        let declaration = bytes[..<position].suffix(200).split(whereSeparator: { ";}".utf8.contains($0) }).last ?? []
        let text = String(decoding: declaration, as: UTF8.self)
        if ["__init", "__exit", "__meminit", "__memexit"].contains(where: text.contains) { return true }
      }
    }
    return false
  }

  /// The files whose code uses a symbol.
  func uses(of symbol: String) async throws(Failure) -> [(path: String, mentions: SymbolMentions)] {
    var found: [(path: String, mentions: SymbolMentions)] = []
    for path in try await world.files(naming: symbol) {
      guard let bytes = world.contents(of: path) else { continue }
      let mentions = SymbolMentions(of: symbol, in: path, bytes)
      let isUse = mentions.use != nil || !mentions.users.isEmpty || path.hasSuffix(".S") && mentions.mayDefine
      // A file with a static function of this name refers to that one.
      if isUse, !mentions.definesStatic { found.append((path, mentions)) }
    }
    return found
  }

  /// Looks for a symbol until `isEnough` says that the providers found so far decide.
  ///
  /// - Parameter machine: an object of the lane, which tells the architecture.
  func search(
    for symbol: String, machine: ObjectSymbols, isEnough: @escaping @Sendable ([LinkedObject]) -> Bool
  ) async throws(Failure) -> Result {
    var hunt = Hunt(symbol: symbol, machine: machine, isEnough: isEnough)
    hunt.asked = Set(changes.objects.map(\.source))
    hunt.result.providers = changes.providers(of: symbol)
    if hunt.isOver { return hunt.result }

    // A file that exports it is cheap to find, and most often the answer.
    for name in [symbol, CompilerSymbols.exportedAs(symbol)].compactMap({ $0 }) {
      let files = try await world.files(naming: name)
      if name == symbol { hunt.result.isNamed = !files.isEmpty }
      let exporting = files.filter { path in
        world.contents(of: path).map { SymbolMentions.exports(name, in: $0) } ?? false
      }
      try await ask(exporting, &hunt)
      if hunt.isOver { return hunt.result }
    }
    hunt.result.unbuilt = hunt.fruitless
    let mentions = try await definitions(of: symbol)
    hunt.result.isScripted = mentions.contains { $0.path.contains(".lds") }
    try await ask(mentions.filter { $0.mentions.defines }.map(\.path), &hunt)
    hunt.result.unbuilt = hunt.fruitless
    // No macro forms such a name.
    if CompilerSymbols.isArithmetic(symbol) { return hunt.result }
    try await ask(mentions.filter { $0.mentions.mayDefine }.map(\.path), &hunt)
    if hunt.isOver || hunt.result.isScripted { return hunt.result }

    let computed = try await world.computedExports.filter { $0.mayBe(symbol) }.map(\.file)
    try await ask(Set(computed).sorted(), &hunt)
    return hunt.result
  }

  /// A search under way.
  private struct Hunt {
    let symbol: String
    let machine: ObjectSymbols
    let isEnough: @Sendable ([LinkedObject]) -> Bool
    var result = Result()
    var asked: Set<String> = []
    /// How many sources had objects.
    var built = 0
    /// Files that had none.
    var fruitless: [String] = []

    var isOver: Bool { result.isCut || isEnough(result.providers) }
  }

  /// Looks at the objects of the files, or of the sources that include them.
  private func ask(_ files: [String], _ hunt: inout Hunt) async throws(Failure) {
    for file in files where Self.isPossible(file, hunt.machine) && !file.contains(".lds") {
      guard !hunt.asked.contains(file) else { continue }
      var isBuilt = false
      for source in try await sources(of: file).likeliest(for: hunt.symbol) {
        guard hunt.asked.insert(source).inserted else {
          isBuilt = true
          continue
        }
        if hunt.built == limit { hunt.result.isCut = true }
        if hunt.isOver { return }
        if source.hasSuffix(".lds.S") { hunt.result.isScripted = true }
        let objects = try await objects(of: source).filter { $0.target != .separate }
        if objects.isEmpty { continue }
        isBuilt = true
        hunt.built += 1
        hunt.result.providers += objects.filter {
          $0.symbols.given.contains(hunt.symbol) || $0.symbols.export(of: hunt.symbol) != nil
        }
      }
      if !isBuilt, !hunt.fruitless.contains(file) { hunt.fruitless.append(file) }
      if hunt.isOver { return }
    }
  }

  /// The file itself when it is compiled on its own, else the sources that include it.
  private func sources(of file: String) async throws(Failure) -> RankedSources {
    if !file.hasSuffix(".h"), try await !world.targets(of: file).isEmpty { return RankedSources([file]) }
    if let known = includers[file] { return known }
    let sources = RankedSources(try await world.sources(including: file))
    includers[file] = sources
    return sources
  }

  /// Whether a lane of the machine can build a file; arm64 shares sources with arm.
  static func isPossible(_ file: String, _ machine: ObjectSymbols) -> Bool {
    guard file.hasPrefix("arch/"), let own = machine.architecture else { return true }
    return file.hasPrefix("arch/\(own)/") || own == "arm64" && file.hasPrefix("arch/arm/")
  }
}
