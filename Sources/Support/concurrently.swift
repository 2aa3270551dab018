public import Diagnostics
import Dispatch
import Synchronization

/// Runs `work` on all items at once; the first failure cancels the others.
///
/// - Parameter done: called with the number of finished items after each one.
/// - Returns: the values in the order of `items`.
public func concurrently<Item: Sendable, Value: Sendable>(
  _ items: [Item], done: (Int) -> Void = { _ in },
  _ work: @escaping @Sendable (Item) async throws(Failure) -> Value
) async throws(Failure) -> [Value] {
  let outcome = await withTaskGroup(of: (Int, Swift.Result<Value, Failure>).self) { group in
    for (index, item) in items.enumerated() {
      group.addTask {
        do throws(Failure) { return (index, .success(try await work(item))) } catch { return (index, .failure(error)) }
      }
    }
    var values: [Int: Value] = [:]
    for await (index, result) in group {
      switch result {
      case .success(let value): values[index] = value
      case .failure(let failure):
        group.cancelAll()
        return Swift.Result<[Value], Failure>.failure(failure)
      }
      done(values.count)
    }
    return .success(values.sorted { $0.key < $1.key }.map(\.value))
  }
  return try outcome.get()
}

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
