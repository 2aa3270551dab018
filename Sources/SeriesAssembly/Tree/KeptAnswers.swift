public import Diagnostics
import Foundation
public import Kernels
import Verification

/// Answers of earlier runs about objects that never change, kept in the verdict store.
public struct KeptAnswers {
  private let cache: Cache

  /// The answers kept in `cache`.
  public init(in cache: Cache) {
    self.cache = cache
  }

  /// The kept answer to a question, or else that of `find`. Failing to keep it only costs time, so it is no error.
  ///
  /// - Parameter question: everything the answer depends on, apart from Seriesmith itself.
  public nonisolated(nonsending) func answer<T: Codable>(
    _ question: [String], or find: () async throws(Failure) -> T
  ) async throws(Failure) -> T {
    let key = VerdictKey([VerdictKey.program] + question)
    let directory = cache.folder("verdicts")
    if let answer: T = VerdictStore(directory: directory, temporary: "").value(key) { return answer }
    let answer = try await find()
    if let scratch = try? await Scratch.make(in: cache.root) {
      try? VerdictStore(directory: directory, temporary: scratch.path).write(encoding: answer, key)
    }
    return answer
  }
}
