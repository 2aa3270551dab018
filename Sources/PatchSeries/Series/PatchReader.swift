public import Diagnostics
import Support

/// Reads patches as `git format-patch` writes them and as mailing lists deliver them: one in a file, or several in an
/// mbox, among replies and older versions.
///
/// git itself parses the mails, as it does for `git am`, so that a patch equals the commit that `git am` makes. A file
/// that is no mail may be a diff, as for `git apply`. A message in HTML, which git would read as plain text, is refused.
public enum PatchReader {
  /// Reads a file that holds one patch.
  ///
  /// - Throws: `Failure(.input)`, with the place, for a message without a subject, an author or a diff, and for a
  ///   damaged diff.
  public static func patch(_ bytes: [UInt8], file: String) async throws(Failure) -> Patch {
    try await GitMailReader.open { reader throws(Failure) in try await reader.patch(bytes, file: file) }
  }

  /// Reads an mbox of one or more messages.
  public static func series(mbox bytes: [UInt8], file: String) async throws(Failure) -> Series {
    try await series([(file, bytes)])
  }

  /// Reads the files of a folder of patches, each with one or more messages, or with a diff alone.
  ///
  /// The patches of a series are ordered by the numbers in their subjects; several series, and patches without numbers,
  /// as they come. Replies and older versions are left out, and patches may be missing: `Series.warnings` says which.
  public static func series(_ files: [(name: String, bytes: [UInt8])]) async throws(Failure) -> Series {
    let messages = try await GitMailReader.open { reader throws(Failure) in try await reader.messages(of: files) }
    return try SeriesFinder.series(of: messages, named: files.count == 1 ? files.first?.name : nil)
  }

  /// Whether a text holds a diff that is not encoded.
  public static func holdsDiff(_ bytes: [UInt8]) -> Bool { PatchParts(Lines(bytes), from: 0).diff != nil }

  /// The series in mails that git has already parsed: the part of the work that git does not do.
  package static func series(
    of mails: [(mail: [UInt8], info: [UInt8], text: [UInt8], patch: [UInt8])], by author: Signature, file: String
  ) throws(Failure) -> Series {
    var messages: [Message] = []
    for (mail, info, text, patch) in mails {
      let lines = Lines(mail)
      var message = try Message(lines, firstLine: 1, of: lines, file: file)
      message.mail = .success(GitMail(info: info, text: text, patch: patch))
      message.author = .success(author)
      messages.append(message)
    }
    return try SeriesFinder.series(of: messages, named: file)
  }
}

extension GitMailReader {
  /// The patch in a file that contains exactly one.
  func patch(_ bytes: [UInt8], file: String) async throws(Failure) -> Patch {
    let messages = try await messages(of: [(file, bytes)], areNeeded: true)
    guard messages.count == 1 else {
      throw Failure(.input, at: Place(file), "file holds \(messages.count) patches, expected one")
    }
    return try messages[0].patch(number: 1, of: 1)
  }

  /// The messages of some mboxes, and the patches that were not mailed. git parses the mails that may matter, or the only
  /// one, which can report what it lacks.
  ///
  /// - Parameter areNeeded: whether git parses all of them, and takes none for a plain patch.
  func messages(
    of files: [(name: String, bytes: [UInt8])], areNeeded: Bool = false
  ) async throws(Failure) -> [Message] {
    let found = try await concurrently(files) { file throws(Failure) -> [Message] in
      try UnreadableFile.refuse(file.bytes, file: file.name)
      let plain = try PlainPatch(file.bytes, file: file.name)
      if !areNeeded, plain.isAlone { return [try Message(plain, read: try await plain.read(self))] }
      let source = plain.lines
      var messages: [Message] = []
      for (mail, line) in try await split(source, file: file.name) {
        messages.append(try Message(mail, firstLine: line, of: source, file: file.name))
      }
      for (index, next) in messages.enumerated().dropFirst() where next.isNoMail {
        messages[index - 1].cutAt = next.firstLine
      }
      // A reply is a mail without a patch. What is not even a mail was meant to be a patch.
      if files.count > 1, messages.allSatisfy(\.isNoMail) {
        throw Failure(
          .input, at: Place(file.name), "file holds neither a mail nor a diff that git reads",
          notes: ["save it again, or remove it"])
      }
      return messages
    }.flatMap { $0 }
    return try await concurrently(found) { message throws(Failure) in
      message.plain == nil ? try await read(message, isNeeded: areNeeded || found.count == 1) : message
    }
  }

  private func read(_ message: Message, isNeeded: Bool) async throws(Failure) -> Message {
    var message = message
    if message.header["subject"]?.contains("=?") == true {
      // Given only the header, git reports the subject in it, and not one in the text.
      let header = message.lines[0..<message.header.end]
      let read = try await result { reader throws(Failure) in
        try await reader.read(header, options: ["-k"], at: message.place)
      }
      if case .success(let mail) = read { message.subject = SubjectLine(mail.subject) }
    }
    guard isNeeded || message.mayMatter else { return message }
    let mail = try await result { reader throws(Failure) in
      try await reader.read(message.lines.bytes, at: message.place)
    }
    message.mail = mail
    if case .success(let mail) = mail {
      message.author = try await result { reader throws(Failure) in
        try await reader.author(of: mail, at: message.place)
      }
    }
    return message
  }

  /// The result of `work`. A message that cannot be read is not an error yet, since nobody may ask for it.
  private func result<Value>(
    _ work: (GitMailReader) async throws(Failure) -> Value
  ) async throws(Failure) -> Result<Value, Failure> {
    do throws(Failure) {
      return .success(try await work(self))
    } catch {
      guard error.status == .input else { throw error }
      return .failure(error)
    }
  }
}
