import Dispatch
import Synchronization

extension Array where Element: Sendable {
  /// `map` on all processors. The caller's thread takes part and is held until all is done, so that nothing in it may wait
  /// for another task.
  ///
  /// - Throws: what `transform` throws for the first element, in the array's order, that it throws for. It is called for
  ///   all the same.
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
