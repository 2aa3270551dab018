public import Diagnostics
import Dispatch
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The write end of the pipe that the signal handler writes to, or -1. A handler may do little more than that.
private let reportDescriptor = Atomic<Int32>(-1)

/// Runs `body`, and cancels it when the process receives SIGINT, SIGTERM or SIGHUP.
///
/// The cancellation tears down children that `run` started; they lead their own sessions, so a Ctrl-C on the terminal
/// reaches only this process. A second signal changes nothing: the teardown takes a bounded time.
///
/// - Throws: any failure of `body`; `Failure(.interrupted)` when a signal arrived, whatever `body` returned or threw.
public func withSignalsCancelling<T: Sendable>(
  _ body: @escaping @Sendable () async throws(Failure) -> T
) async throws(Failure) -> T {
  guard let pipe = try? FileDescriptor.pipe() else {
    throw Failure(.unavailable, "cannot open a pipe for signals")
  }
  let work = Task { () async -> Result<T, Failure> in
    do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
  }
  let arrived = Flag()
  let source = DispatchSource.makeReadSource(fileDescriptor: pipe.readEnd.rawValue)
  source.setEventHandler {
    // Closing the write end also wakes this handler, but leaves nothing to read.
    var byte: UInt8 = 0
    guard read(pipe.readEnd.rawValue, &byte, 1) == 1 else { return }
    arrived.raise()
    work.cancel()
  }
  source.setCancelHandler { try? pipe.readEnd.close() }
  source.activate()
  reportDescriptor.store(pipe.writeEnd.rawValue, ordering: .sequentiallyConsistent)
  let caught = [SIGINT, SIGTERM, SIGHUP].map { number in (number, previous: signal(number, report)) }

  let result = await withTaskCancellationHandler {
    await work.value
  } onCancel: {
    work.cancel()
  }

  for (number, previous) in caught { _ = signal(number, previous) }
  reportDescriptor.store(-1, ordering: .sequentiallyConsistent)
  source.cancel()
  try? pipe.writeEnd.close()
  if arrived.isRaised { throw Failure(.interrupted, "interrupted") }
  return try result.get()
}

private let report: @convention(c) (Int32) -> Void = { number in
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(reportDescriptor.load(ordering: .sequentiallyConsistent), &byte, 1)
  errno = saved
}

private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)

  func raise() { value.store(true, ordering: .sequentiallyConsistent) }
  var isRaised: Bool { value.load(ordering: .sequentiallyConsistent) }
}
