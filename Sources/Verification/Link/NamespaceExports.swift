import CSource
import Diagnostics

/// Which symbols a tree exports in a namespace, read from text.
struct NamespaceExports<World: LinkWorld>: Sendable {
  let world: World

  struct Symbols: Sendable {
    var names: Set<String> = []
    var computed: [ComputedExport] = []

    func mayHave(_ symbol: String) -> Bool { names.contains(symbol) || computed.contains { $0.mayBe(symbol) } }
  }

  func symbols(in namespace: String) async throws(Failure) -> Symbols {
    var symbols = Symbols()
    let word = namespace.utf8.split { !$0.isIdentifierPart }.map { String(decoding: $0, as: UTF8.self) }.max {
      $0.count < $1.count
    }
    guard let word else { return symbols }
    for path in try await world.files(naming: word) {
      guard let bytes = world.contents(of: path) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      for match in text.matches(of: #/EXPORT\w*\s*\(\s*(\w+)\s*,\s*"?([^")]*)"?\s*\)/#) where match.2 == namespace {
        symbols.names.insert(String(match.1))
      }
      symbols.computed += ComputedExport.found(in: path, bytes)
    }
    return symbols
  }
}
