import Foundation

@testable import Descriptions

extension CounterDescription {
  /// The one of the series here, with the words that its reports have.
  static let walks = {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Templates/prove/prove.yaml")
    do {
      return try ProofLoader.load(file.standardizedFileURL.path).counters[0]
    } catch {
      fatalError("\(error)")
    }
  }()

  /// One as plain as can be, of another op.
  static let locks = CounterDescription(
    name: "locks", line: "# locks:", title: "Locks taken to set a rate", table: "locks", unit: "locks",
    activity: "setting a rate", note: nil, suite: "clock", dimensions: [], slack: nil, doubled: nil, besides: [])
}
