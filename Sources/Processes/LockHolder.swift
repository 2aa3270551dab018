import Support

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process that holds the exclusive lock on a file or folder, for messages.
struct LockHolder: CustomStringConvertible {
  /// Nil where Linux does not tell, as in another container.
  private let process: Int32?

  /// Nil when there is no such file or folder.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let device = UInt64(status.st_dev)
    func hexadecimal(_ number: UInt64) -> String { (number < 16 ? "0" : "") + String(number, radix: 16) }
    // As glibc takes a device's number apart.
    let major = (device >> 8 & 0xFFF) | (device >> 32 & 0xFFFF_F000)
    let minor = (device & 0xFF) | (device >> 12 & 0xFFFF_FF00)
    let file = "\(hexadecimal(major)):\(hexadecimal(minor)):\(status.st_ino)"
    let locks = String(decoding: (try? Files.read("/proc/locks", upTo: 1 << 20)) ?? [], as: UTF8.self)
    // "1: FLOCK  ADVISORY  WRITE 812 08:01:393217 0 EOF"
    let fields = locks.split(separator: "\n").map { $0.split(separator: " ") }
    let lock = fields.first { $0.count > 5 && $0[1] == "FLOCK" && $0[3] == "WRITE" && $0[5] == file }
    process = lock.flatMap { Int32($0[4]) }
  }

  var isThisProcess: Bool { process == getpid() }

  /// "process 812 (seriesmith verify out)".
  var description: String {
    guard let process else { return "another run" }
    let words = ((try? Files.read("/proc/\(process)/cmdline", upTo: 1 << 10)) ?? []).split(separator: 0).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard let program = words.first?.split(separator: "/").last else { return "process \(process)" }
    let line = ([String(program)] + words.dropFirst()).joined(separator: " ")
    return "process \(process) (\(line.count > 60 ? line.prefix(59) + "…" : line))"
  }
}
