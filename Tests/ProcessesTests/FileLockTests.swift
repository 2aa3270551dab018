import Diagnostics
import Foundation
import Processes
import Synchronization
import Testing

@Suite struct FileLockTests {
  private final class Flag: Sendable {
    private let value = Mutex(false)

    func raise() { value.withLock { $0 = true } }
    var isRaised: Bool { value.withLock { $0 } }
  }

  @Test func theSecondWaitsForTheFirst() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let waited = Flag()
    let acquired = Flag()
    let second = try await holdingLock(path) {
      let second = Task {
        let lock = try await FileLock.acquire(path) { waited.raise() }
        acquired.raise()
        _ = lock
      }
      while !waited.isRaised { try await Task.sleep(for: .milliseconds(5)) }
      // It polls, so it needs some time to take a lock that it should not get.
      try await Task.sleep(for: .milliseconds(300))
      #expect(!acquired.isRaised)
      return second
    }
    try await second.value
    #expect(acquired.isRaised)
  }

  @Test func waitingCanBeCancelled() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await holdingLock(path) {
      let second = Task {
        let lock = try await FileLock.acquire(path)
        _ = lock
      }
      second.cancel()
      let failure = await #expect(throws: Failure.self) { try await second.value }
      #expect(failure?.status == .interrupted)
    }
  }

  /// Otherwise the process that waited and the next one would both hold the lock.
  @Test func aLockWhoseFileWasRemovedMeanwhileIsNotTaken() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let waited = Flag()
    let second = try await holdingLock(path) {
      let second = Task {
        let lock = try await FileLock.acquire(path) { waited.raise() }
        #expect(try FileLock.tryAcquire(path) == nil)
        _ = lock
      }
      while !waited.isRaised { try await Task.sleep(for: .milliseconds(5)) }
      try FileManager.default.removeItem(atPath: path)
      return second
    }
    try await second.value
  }

  /// A child holds all descriptors of its parent until it calls exec.
  @Test func itIsReleasedWhereACopyOfItsDescriptorIsOpen() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let copy = try await holdingLock(path) {
      let own = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
      }
      return dup(try #require(own.flatMap { Int32($0) }))
    }
    defer { close(copy) }
    #expect(copy >= 0)
    #expect(try FileLock.tryAcquire(path) != nil)
  }

  private func holdingLock<T>(_ path: String, _ body: () async throws -> T) async throws -> T {
    let lock = try await FileLock.acquire(path)
    defer { _ = lock }
    return try await body()
  }
}
