import Glibc

/// Tells which files are opened while something runs.
///
/// inotify sees every process, in a sandbox too. When too many events come at once some are lost, so the answer may miss a
/// file but never has one that nobody opened.
public final class ReadWatch {
  private let descriptor: Int32
  private var paths: [Int32: String] = [:]
  private var opened: Set<String> = []

  /// Begins to watch.
  ///
  /// - Parameters:
  ///   - paths: relative to `folder`. Those that name no file are never opened.
  public init(_ paths: some Sequence<String>, in folder: String) {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    for path in paths {
      let watch = inotify_add_watch(descriptor, "\(folder)/\(path)", UInt32(IN_OPEN))
      if watch >= 0 { self.paths[watch] = path }
    }
  }

  deinit { close(descriptor) }

  /// The paths opened so far.
  public func openedPaths() -> Set<String> {
    let header = MemoryLayout<inotify_event>.size
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return opened }
      buffer.withUnsafeBytes { bytes in
        var offset = 0
        while offset + header <= count {
          let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
          if let path = paths[event.wd] { opened.insert(path) }
          offset += header + Int(event.len)
        }
      }
    }
  }
}
