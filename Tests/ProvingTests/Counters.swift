import Foundation

@testable import Descriptions

extension CounterDescription {
  /// The counter of the series in `patches/`, with the words of its reports.
  static let walks = {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Templates/prove/prove.yaml")
    do {
      return try ProofLoader.load(file.standardizedFileURL.path).counters[0]
    } catch {
      fatalError("\(error)")
    }
  }()

  /// A minimal counter, of another op.
  static let locks = CounterDescription(
    name: "locks", line: "# locks:", title: "Locks taken to set a rate", table: "locks", unit: "locks",
    activity: "setting a rate", note: nil, suite: "clock", dimensions: [], bound: nil, slack: nil, doubled: nil,
    besides: [])
}
