/// Ranks sources that may have a symbol: those whose name is part of it come first, as `iommu_amdv1.c` does for
/// `pt_iommu_amdv1_map_pages`.
///
/// The words are indexed because half the tree may include a header, which may be looked up for a hundred symbols.
struct RankedSources {
  /// Sorted.
  private let paths: [String]
  /// For each word of a file name, the indices of the paths that have it.
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
