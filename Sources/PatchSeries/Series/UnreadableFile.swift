import Diagnostics
import Support

/// Refuses what looks like a patch by its name and is none: git would fail where we must not pass over it.
enum UnreadableFile {
  private static let forms: [(start: [UInt8], what: String, advice: String)] = [
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "is compressed with xz", "unpack it with `xz --decompress`"),
    (Array("BZh".utf8), "is compressed with bzip2", "unpack it with `bzip2 --decompress`"),
    ([0x28, 0xB5, 0x2F, 0xFD], "is compressed with zstd", "unpack it with `zstd --decompress`"),
    (
      [0xEF, 0xBB, 0xBF], "begins with a byte order mark, so git takes it for no patch", "remove its first three bytes"
    ),
    ([0xFF, 0xFE], "is in UTF-16", "save it again as UTF-8, without a byte order mark"),
    ([0xFE, 0xFF], "is in UTF-16", "save it again as UTF-8, without a byte order mark"),
  ]

  /// - Throws: `Failure(.input)` for a file in a form that git does not read.
  static func refuse(_ bytes: [UInt8], file: String) throws(Failure) {
    guard let form = forms.first(where: { bytes.starts(with: $0.start) }) else { return }
    throw Failure(.input, at: Place(file), "file \(form.what)", notes: [form.advice])
  }
}
