import Glibc
import Support

/// Tells this build of the program from any other, on this machine and on others that run a copy of it.
enum ProgramIdentity {
  /// The build id, which the linker makes of the program's contents; without one, what tells its file from others.
  static let current: String = {
    let path = "/proc/self/exe"
    if let id = buildID(inELF: start(of: path)) { return id }
    var status = stat()
    guard stat(path, &status) == 0 else { return "" }
    return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }()

  /// Linkers put the notes right after the headers.
  private static func start(of path: String) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }

  /// The build id of a program for a 64-bit little-endian machine, in hexadecimal; nil if these bytes have none.
  static func buildID(inELF bytes: [UInt8]) -> String? {
    func number(at offset: Int, size: Int) -> Int? {
      guard offset >= 0, offset + size <= bytes.count else { return nil }
      return Int(
        truncatingIfNeeded: bytes[offset..<offset + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), let headers = number(at: 32, size: 8),
      let size = number(at: 54, size: 2), let count = number(at: 56, size: 2)
    else { return nil }
    for header in (0..<count).map({ headers + $0 * size }) where number(at: header, size: 4) == 4 {
      guard var note = number(at: header + 8, size: 8), let length = number(at: header + 32, size: 8) else { continue }
      let end = note + length
      while note < end, let name = number(at: note, size: 4), let size = number(at: note + 4, size: 4) {
        let contents = note + 12 + (name + 3) / 4 * 4
        if number(at: note + 8, size: 4) == 3, name == 4, number(at: note + 12, size: 4) == 0x55_4E_47,
          contents + size <= bytes.count
        {
          return bytes[contents..<contents + size].hexadecimal
        }
        note = contents + (size + 3) / 4 * 4
      }
    }
    return nil
  }
}
