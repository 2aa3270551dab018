public import Diagnostics

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
