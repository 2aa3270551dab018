import Dispatch
import Synchronization

extension Array where Element: Sendable {
  /// Maps the elements on all processors, in the array's order. The caller's thread takes part and blocks until all are
  /// done, so `transform` must not wait for another task.
  ///
  /// - Throws: the error for the first element, in the array's order, for which `transform` throws. `transform` is called
  ///   for all elements nevertheless.
  public func concurrentMap<Value: Sendable, Problem: Error>(
    _ transform: @Sendable (Element) throws(Problem) -> Value
  ) throws(Problem) -> [Value] {
    let results = Mutex([Result<Value, Problem>?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result: Result<Value, Problem>
      do throws(Problem) { result = .success(try transform(self[index])) } catch { result = .failure(error) }
      results.withLock { $0[index] = result }
    }
    var values: [Value] = []
    for case let result? in results.withLock({ $0 }) { values.append(try result.get()) }
    return values
  }
}
