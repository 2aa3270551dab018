import Diagnostics
import Foundation
import Processes
import Synchronization
import Testing

@Suite struct FileLockTests {
  private final class Events: Sendable {
    private let list = Mutex<[String]>([])

    var all: [String] { list.withLock { $0 } }
    func add(_ event: String) { list.withLock { $0.append(event) } }
    var progress: Diagnostics.Progress {
      Diagnostics.Progress { event in
        switch event {
        case .began(let name): self.add("began: \(name)")
        case .ended(let name, let outcome, _): self.add("ended: \(name) \(outcome ?? "")")
        default: break
        }
      }
    }
  }

  /// A wait for a task of the same process is not reported: that task reports what it does.
  @Test func theSecondWaitsForTheFirst() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let events = Events()
    let second = try await holdingLock(path) {
      let second = Task {
        let lock = try await FileLock.acquire(path, progress: events.progress)
        events.add("acquired")
        _ = lock
      }
      // It polls, so it needs some time to take a lock that it should not get.
      try await Task.sleep(for: .milliseconds(500))
      #expect(events.all == [])
      return second
    }
    try await second.value
    #expect(events.all == ["acquired"])
  }

  @Test func whoWaitsForAnotherProcessSaysForWhich() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let other = Process()
    other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    other.arguments = ["--no-fork", path, "sleep", "1000"]
    try other.run()
    // Not SIGTERM, which a child of a thread of a pool may have blocked.
    defer { kill(other.processIdentifier, SIGKILL) }
    while try FileLock.tryAcquire(path) != nil { try await Task.sleep(for: .milliseconds(5)) }
    let events = Events()
    let wait = Task {
      let lock = try await FileLock.acquire(path, against: "using the lane arm64", progress: events.progress)
      _ = lock
    }
    while events.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    let step = "Waiting for process \(other.processIdentifier) (sleep 1000), which is using the lane arm64"
    #expect(events.all == ["began: \(step)"])
    kill(other.processIdentifier, SIGKILL)
    try await wait.value
    #expect(events.all == ["began: \(step)", "ended: \(step) "])
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
    let second = try await holdingLock(path) {
      let second = Task {
        let lock = try await FileLock.acquire(path)
        #expect(try FileLock.tryAcquire(path) == nil)
        _ = lock
      }
      try await Task.sleep(for: .milliseconds(300))
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
