import Diagnostics
import Foundation
import Kernels
import Verification

/// Answers of earlier runs about objects that never change, kept in the verdict store.
struct KeptAnswers {
  let cache: Cache

  static let user = KeptAnswers(cache: .user)

  /// The kept answer to a question, or else that of `find`. Failing to keep it only costs time, so it is no error.
  nonisolated(nonsending) func answer<T: Codable>(
    _ question: [String], or find: () async throws(Failure) -> T
  ) async throws(Failure) -> T {
    let key = VerdictKey([VerdictKey.program] + question)
    let directory = cache.folder("verdicts")
    if let bytes = VerdictStore(directory: directory, temporary: "").read(key),
      let answer = try? JSONDecoder().decode(T.self, from: Data(bytes))
    {
      return answer
    }
    let answer = try await find()
    if let data = try? JSONEncoder().encode(answer), let scratch = try? await Scratch.make(in: cache.root) {
      try? VerdictStore(directory: directory, temporary: scratch.path).write(Array(data), key)
    }
    return answer
  }
}
