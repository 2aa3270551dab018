import Diagnostics
import Foundation
import Kernels
import Verification

/// What earlier runs of this program found out about objects that never change: answers in the store of verdicts.
struct KeptAnswers {
  let cache: Cache

  static let user = KeptAnswers(cache: .user)

  /// The answer to a question, found now where it is not known yet. Where it cannot be kept, nothing but time is lost.
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
