public import Diagnostics

/// Reads patches as `git format-patch` writes them: one to a file, or several in an mbox.
///
/// The text is taken as it is, 8 bit or less. A message in another transfer encoding is refused rather than misread.
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
  /// Patches are ordered by the number in their subjects, or as they come if those have none.
  public static func series(_ files: [(name: String, bytes: [UInt8])]) throws(Failure) -> Series {
    var messages: [Message] = []
    for file in files {
      let lines = Lines(file.bytes)
      for range in Mbox.messages(lines) {
        messages.append(try Message(lines, range, file: file.name))
      }
    }
    return try Series(messages, named: files.count == 1 ? files.first?.name : nil)
  }
}

extension Series {
  fileprivate init(_ messages: [Message], named name: String?) throws(Failure) {
    let covers = messages.filter { $0.subject.number == 0 }
    var rest = messages.filter { $0.subject.number != 0 }
    guard !rest.isEmpty else {
      throw Failure(.input, at: name.map { Place($0) }, "no patch in it", notes: ["expected git format-patch's output"])
    }
    if rest.allSatisfy({ $0.subject.number != nil }) {
      // Stable, so that two messages of one number are reported in the order in which they stand.
      rest = rest.enumerated().sorted {
        ($0.element.subject.number ?? 0, $0.offset) < ($1.element.subject.number ?? 0, $1.offset)
      }.map(\.element)
      try Self.checkNumbers(rest)
    }
    var patches: [Patch] = []
    for (index, message) in rest.enumerated() {
      patches.append(try message.patch(number: index + 1, of: rest.count))
    }
    self.init(patches: patches, cover: covers.first?.cover)
  }

  private static func checkNumbers(_ messages: [Message]) throws(Failure) {
    for (index, message) in messages.enumerated() {
      guard let number = message.subject.number, let total = message.subject.total else { continue }
      if index > 0, messages[index - 1].subject.number == number {
        throw Failure(
          .input, at: Place(message.file, line: message.subjectLine), "two patches are number \(number) of \(total)",
          notes: ["the other is at \(Place(messages[index - 1].file, line: messages[index - 1].subjectLine))"])
      }
      if number != index + 1 {
        throw Failure(
          .input, at: Place(message.file, line: message.subjectLine), "patch \(index + 1) of \(total) is missing",
          notes: ["this is number \(number)"])
      }
    }
    if let last = messages.last, let total = last.subject.total, total > messages.count {
      throw Failure(
        .input, at: Place(last.file, line: last.subjectLine), "patch \(messages.count + 1) of \(total) is missing",
        notes: ["this is the last of \(messages.count)"])
    }
  }
}
