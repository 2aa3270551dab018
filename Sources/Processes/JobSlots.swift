public import Diagnostics
import Synchronization

/// A limit on how many pieces of work run at once.
///
/// The one that came last goes first: of many tasks that need a slot several times each, those that have begun end before
/// others begin. If the longest waiting one went first, all would be done with the first time before any had a result.
public final class JobSlots: Sendable {
  /// The number of pieces of work that may run at once.
  public let count: Int
  private let state: Mutex<State>

  private struct State {
    var free: Int
    var tickets = 0
    /// In order of arrival. A continuation resumed with false was cancelled and owns no slot.
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// Tickets cancelled before they began to wait.
    var cancelled: Set<Int> = []
  }

  /// Creates `count` free slots, at least one.
  public init(_ count: Int) {
    self.count = max(1, count)
    self.state = Mutex(State(free: self.count))
  }

  /// Runs `work` as soon as a slot is free.
  ///
  /// - Throws: `Failure(.interrupted)` when the task is cancelled while it waits; any failure of `work`.
  public func withSlot<T>(_ work: () async throws(Failure) -> T) async throws(Failure) -> T {
    try await acquire()
    defer { release() }
    return try await work()
  }

  private func acquire() async throws(Failure) {
    let ticket = state.withLock { state in
      state.tickets += 1
      return state.tickets
    }
    let granted = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.remove(ticket) != nil { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        if let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) {
          return state.waiting.remove(at: index).continuation
        }
        state.cancelled.insert(ticket)
        return nil
      }
      waiting?.resume(returning: false)
    }
    state.withLock { _ = $0.cancelled.remove(ticket) }
    guard granted else { throw Failure(.interrupted, "interrupted") }
  }

  private func release() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeLast().continuation }
      state.free += 1
      return nil
    }
    next?.resume(returning: true)
  }
}
