import Diagnostics
import Processes
import Support
import Synchronization
import Testing

@Suite struct JobSlotsTests {
  private final class Gauge: Sendable {
    private let values = Mutex((now: 0, most: 0))

    func enter() { values.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { values.withLock { $0.now -= 1 } }
    var most: Int { values.withLock { $0.most } }
  }

  @Test func neverMoreThanItsCount() async throws {
    let slots = JobSlots(3)
    let gauge = Gauge()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<30 {
        group.addTask {
          try? await slots.withSlot { () async throws(Failure) in
            gauge.enter()
            try? await Task.sleep(for: .milliseconds(2))
            gauge.leave()
          }
        }
      }
    }
    #expect(gauge.most == 3)
  }

  /// Five tasks need the slot three times each.
  @Test func whatHasBegunEndsFirst() async throws {
    let slots = JobSlots(1)
    let log = Mutex<[Int]>([])
    _ = try await concurrently(Array(0..<5)) { (task) async throws(Failure) in
      for _ in 0..<3 {
        try await slots.withSlot { () async throws(Failure) in
          log.withLock { $0.append(task) }
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
    }
    let order = log.withLock { $0 }
    // Each turn passes the slot on before the task asks again, so two of them alternate.
    let firstEnd = try #require(order.indices.first { index in order[...index].count { $0 == order[index] } == 3 })
    #expect(Set(order[...firstEnd]).count <= 3, "\(order)")
  }

  @Test func aCancelledWaiterTakesNoSlot() async throws {
    let slots = JobSlots(1)
    let waiter = try await slots.withSlot { () async throws(Failure) -> Task<Int, any Error> in
      let waiter = Task { try await slots.withSlot { () async throws(Failure) in 1 } }
      try? await Task.sleep(for: .milliseconds(20))
      waiter.cancel()
      _ = await waiter.result
      return waiter
    }
    await #expect(throws: Failure.self) { try await waiter.value }
    let free = try await slots.withSlot { () async throws(Failure) in true }
    #expect(free)
  }

  @Test func aFailureFreesTheSlot() async throws {
    let slots = JobSlots(1)
    await #expect(throws: Failure.self) {
      try await slots.withSlot { () async throws(Failure) in throw Failure(.falls, "no") }
    }
    let free = try await slots.withSlot { () async throws(Failure) in true }
    #expect(free)
  }
}
