public import Diagnostics

/// Reads patches as `git format-patch` writes them and as mailing lists deliver them: one to a file, or several in an
/// mbox among replies and older versions.
///
/// A mail is read as `git am` reads it, so that its diff gives the tree that `git am` gives. What git would guess or
/// mend (a flowed text, a message in HTML) is refused rather than misread.
public enum PatchReader {
  /// Reads a file that holds one patch.
  ///
  /// - Throws: status `.input`, with the place, for a message without a subject, an author or a diff, and for a damaged
  ///   diff.
  public static func patch(_ bytes: [UInt8], file: String) throws(Failure) -> Patch {
    let lines = Lines(bytes)
    let messages = Mbox.messages(lines)
    guard messages.count == 1, let range = messages.first else {
      throw Failure(.input, at: Place(file), "file holds \(messages.count) patches, expected one")
    }
    return try Message(lines, range, file: file).patch(number: 1, of: 1)
  }

  /// Reads an mbox of one message or more.
  public static func series(mbox bytes: [UInt8], file: String) throws(Failure) -> Series {
    try series([(file, bytes)])
  }

  /// Reads the files of a directory of patches, each with one message or more.
  ///
  /// Patches are ordered by the number in their subjects, or as they come if those have none. Replies are left out, and
  /// so are older versions of the series: `Series.warnings` says which.
  public static func series(_ files: [(name: String, bytes: [UInt8])]) throws(Failure) -> Series {
    var messages: [Message] = []
    for file in files {
      let lines = Lines(file.bytes)
      for range in Mbox.messages(lines) {
        messages.append(try Message(lines, range, file: file.name))
      }
    }
    return try SeriesAssembly.series(of: messages, named: files.count == 1 ? files.first?.name : nil)
  }
}
