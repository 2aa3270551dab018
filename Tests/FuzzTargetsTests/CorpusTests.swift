import Foundation
import FuzzTargets
import Testing

/// Reads the seeds and earlier findings in Fuzz/Corpus: a reader that breaks its promises crashes the run.
@Suite struct CorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fuzz/Corpus").standardizedFileURL.path

  @Test(arguments: FuzzTarget.allCases) func isRead(target: FuzzTarget) throws {
    let folder = "\(Self.corpus)/\(target.rawValue)"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(!names.isEmpty)
    for name in names {
      let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
      let time = ContinuousClock().measure { target.read(Array(bytes)) }
      #expect(time < .seconds(10), "\(name)")
    }
  }
}
