import Descriptions
import Diagnostics

/// The file that describes what `prove` builds, boots and counts.
enum ProofFile {
  /// Reads `Templates/prove/prove.yaml`.
  ///
  /// - Parameter names: the boots to keep; empty for all.
  static func plan(boots names: [String] = []) throws(Failure) -> ProofDescription {
    var proof = try ProofLoader.load(try SeriesFolders.root() + "/prove/prove.yaml")
    let known = proof.boots.map(\.name)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw Failure(
        .usage, "there is no boot '\(unknown)'", notes: ["the boots are: " + known.joined(separator: ", ")])
    }
    if !names.isEmpty { proof.boots.removeAll { !names.contains($0.name) } }
    return proof
  }

  /// The boots for a help text, if the file is found.
  static var boots: String {
    entries { proof in
      proof.boots.map { ($0.name, $0.why + ($0.states == .all ? "" : " (at the base and after the last patch)")) }
    }
  }

  /// The counters for a help text.
  static var counters: String { entries { proof in proof.counters.map { ($0.name, $0.title) } } }

  private static func entries(_ list: (ProofDescription) -> [(name: String, text: String)]) -> String {
    guard let proof = try? plan() else { return "  (Templates/prove/prove.yaml, with these, was not found)\n" }
    return list(proof).map { Columns.entry($0.name, $0.text, indent: 17) }.joined()
  }
}
