public import Diagnostics
import Foundation
public import Kernels
import Verification

/// Answers of earlier runs about objects that never change, kept in the verdict store.
public struct KeptAnswers {
  private let cache: Cache
  private let program: String

  /// The answers kept in `cache`.
  ///
  /// - Parameter program: the program that answers, and its version; nil for this build of Seriesmith.
  public init(in cache: Cache, of program: String? = nil) {
    self.cache = cache
    self.program = program ?? VerdictKey.program
  }

  /// The kept answer to a question, or else that of `find`. Failing to keep it only costs time, so it is no error.
  ///
  /// - Parameter question: everything the answer depends on, apart from the program.
  public nonisolated(nonsending) func answer<T: Codable>(
    _ question: [String], or find: () async throws(Failure) -> T
  ) async throws(Failure) -> T {
    let key = VerdictKey([program] + question)
    let directory = cache.folder("verdicts")
    if let answer: T = VerdictStore(directory: directory, temporary: "").value(key) { return answer }
    let answer = try await find()
    if let scratch = try? await Scratch.make(in: cache.root) {
      try? VerdictStore(directory: directory, temporary: scratch.path).write(encoding: answer, key)
    }
    return answer
  }
}
