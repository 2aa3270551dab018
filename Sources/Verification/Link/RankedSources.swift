/// Sources that may have a symbol, the likelier first: those whose name is part of the symbol, `iommu_amdv1.c` for
/// `pt_iommu_amdv1_map_pages`.
///
/// A header may be included by half the tree, and be asked about for each of a hundred symbols.
struct RankedSources {
  /// Sorted.
  private let paths: [String]
  /// By a word of their names, which of the paths have it.
  private var places: [Substring: [Int]] = [:]

  init(_ sources: Set<String>) {
    paths = sources.sorted()
    for (place, path) in paths.enumerated() {
      let stem = path.split(separator: "/").last?.split(separator: ".").first ?? ""
      for word in stem.split(whereSeparator: { "_-".contains($0) }) { places[word, default: []].append(place) }
    }
  }

  func likeliest(for symbol: String) -> [String] {
    var scores: [Int: Int] = [:]
    for (word, places) in places where symbol.contains(word) {
      for place in places { scores[place, default: 0] += word.count }
    }
    let likely = scores.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.map { paths[$0.key] }
    return likely + paths.indices.lazy.filter { scores[$0] == nil }.map { paths[$0] }
  }
}
