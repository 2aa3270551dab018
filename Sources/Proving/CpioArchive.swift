/// An initramfs archive (Documentation/driver-api/early-userspace/buffer-format.rst).
///
/// It has no times and no owners, so the same files give the same bytes.
struct CpioArchive {
  private(set) var bytes: [UInt8] = []
  private var entries = 0

  /// Adds an executable file.
  mutating func add(_ name: String, program: [UInt8]) { add(name, mode: 0o100755, program) }

  /// Adds an empty folder.
  mutating func add(folder name: String) { add(name, mode: 0o040755, []) }

  /// The archive with its end record.
  func finished() -> [UInt8] {
    var archive = self
    archive.add("TRAILER!!!", mode: 0, [])
    return archive.bytes
  }

  private mutating func add(_ name: String, mode: Int, _ contents: [UInt8]) {
    entries += 1
    let name = Array(name.utf8) + [0]
    // Inode, mode, owner, group, links, time, size, four device numbers, size of the name, checksum.
    let fields = [entries, mode, 0, 0, 1, 0, contents.count, 0, 0, 0, 0, name.count, 0]
    bytes += Array("070701".utf8) + fields.flatMap(Self.hexadecimal) + name
    pad()
    bytes += contents
    pad()
  }

  private mutating func pad() {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  private static func hexadecimal(_ number: Int) -> [UInt8] {
    let digits = String(number, radix: 16)
    return Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
  }
}
