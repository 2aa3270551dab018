/// Two ways to do something, timed in turn, so that other load on the machine slows both.
struct Race {
  private var pairs: [(ours: Double, theirs: Double)] = []

  /// Times each of the two `rounds` times, in seconds.
  static func run(
    _ rounds: Int, ours: () async throws -> Double, theirs: () async throws -> Double
  ) async throws -> Race {
    var race = Race()
    for _ in 0..<rounds { race.pairs.append((try await ours(), try await theirs())) }
    return race
  }

  var ours: Double { pairs.map(\.ours).median }
  var theirs: Double { pairs.map(\.theirs).median }
  /// The median of their time divided by ours, pair by pair.
  var ratio: Double { pairs.map { $0.theirs / $0.ours }.median }

  /// "generate 0.081 s, spatch 3.512 s (medians of 5)"
  func text(_ ours: String, _ theirs: String) -> String {
    "\(ours) \(self.ours.milliseconds), \(theirs) \(self.theirs.milliseconds) (medians of \(pairs.count))"
  }
}

extension [Double] {
  fileprivate var median: Double { sorted()[count / 2] }
}
