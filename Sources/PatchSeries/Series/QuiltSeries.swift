public import Diagnostics
import Processes
import Support

/// The `series` file of a quilt folder, which lists the patches in order.
public struct QuiltSeries: Sendable {
  /// A line of the `series` file.
  public struct Entry: Hashable, Sendable {
    /// The patch's file, relative to the folder.
    public var name: String
    /// The place where the `series` file names it.
    public var place: Place
  }

  /// The patches, in the order in which quilt applies them.
  public let entries: [Entry]

  /// - Throws: `Failure(.input)`, with the place, for a patch that is not applied with `-p1`, as git's are, and for one
  ///   outside the folder.
  public init(_ bytes: [UInt8], file: String) throws(Failure) {
    let lines = Lines(bytes)
    var entries: [Entry] = []
    for index in 0..<lines.count {
      let place = Place(file, line: index + 1)
      let words = lines.content(index).prefix { $0 != UInt8(ascii: "#") }.split { $0.isSpace }.map(\.text)
      guard let name = words.first else { continue }
      if let sign = name.first, "+-".contains(sign) {
        throw Failure(
          .input, at: place, "'\(name)' is a guard, which quilt does not know",
          notes: ["write a series of the patches that are meant"])
      }
      if let option = words.dropFirst().first(where: { $0 != "-p1" && $0 != "-pab" }) {
        throw Failure(
          .input, at: place, "patch is applied with '\(option)', but only -p1 is supported",
          notes: [
            option.hasPrefix("-p")
              ? "regenerate it with `quilt refresh -p1`" : "write what it does as a patch that needs no option"
          ])
      }
      guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
        throw Failure(.input, at: place, "patch '\(name)' is outside the folder")
      }
      if let other = entries.first(where: { $0.name == name }) {
        throw Failure(
          .input, at: place, "patch '\(name)' is listed a second time", notes: ["the first time is at \(other.place)"])
      }
      entries.append(Entry(name: name, place: place))
    }
    self.entries = entries
  }
}

extension PatchReader {
  /// Reads the patches of a quilt series, in the order given. Each file is a diff, with or without text above it, or one or
  /// more mails.
  ///
  /// - Throws: `Failure(.input)` for a diff in a form that only patch(1) applies, which quilt calls.
  public static func series(quilt files: [(name: String, bytes: [UInt8])]) async throws(Failure) -> Series {
    let read = try await GitMailReader.open { reader throws(Failure) in
      try await concurrently(files) { file throws(Failure) in
        try ForeignDiff.refuse(in: Lines(file.bytes), file: file.name)
        try UnreadableFile.refuse(file.bytes, file: file.name)
        let plain = try PlainPatch(file.bytes, file: file.name)
        let read = plain.isMail ? try await reader.patches(file.bytes, file: file.name) : [try await plain.read(reader)]
        try await refuseDiffs(outside: read.map(\.patch), in: file.bytes, file: file.name)
        return read
      }
    }.flatMap { $0 }
    // The `series` file determines the order, whatever the mails say.
    return Series(
      patches: read.enumerated().map { index, one in
        var patch = one.patch
        (patch.number, patch.total) = (index + 1, read.count)
        return patch
      }, warnings: read.flatMap(\.warnings))
  }
}

extension PatchReader {
  /// Refuses a file in which patch(1), and so quilt, finds a diff outside of those that were read: it also applies normal
  /// diffs, ed scripts, and diffs below a bare `Index:` line.
  private static func refuseDiffs(
    outside patches: [Patch], in bytes: [UInt8], file: String
  ) async throws(Failure) {
    // What is encoded does not stand in the file.
    guard patches.allSatisfy({ $0.diffName == file }) else { return }
    var known: [ClosedRange<Int>] = []
    for patch in patches {
      known += try patch.fileDiffs().map { $0.number...$0.number + Lines(Array(patch.diff[$0.bytes])).count }
    }
    // In an empty folder it names the line of each diff. A dry run does not run ed.
    let folder = try TemporaryFolder()
    let outcome = try await run(
      Command(
        "patch", ["-p1", "--dry-run", "--force"], environment: ["LC_ALL": "C"], directory: folder.path, input: bytes),
      timeLimit: .seconds(60))
    for match in outcome.text.matches(of: #/can't find file to patch at input line (\d+)/#) {
      guard let line = Int(match.1), !known.contains(where: { $0.contains(line) }) else { continue }
      throw Failure(
        .input, at: Place(file, line: line), "diff in a form that quilt applies and Seriesmith does not",
        notes: ["rewrite it as a unified diff: quilt refresh -U 3"])
    }
  }
}

extension GitMailReader {
  /// The patches in a file of mails. Of several mails, one without a diff is a cover letter.
  fileprivate func patches(_ bytes: [UInt8], file: String) async throws(Failure) -> [PlainPatch.Read] {
    let messages = try await messages(of: [(file, bytes)], areNeeded: true)
    let wanted = messages.count == 1 ? messages : messages.filter(\.hasDiff)
    guard !wanted.isEmpty else { throw Failure(.input, at: Place(file), "no mail in the file holds a diff") }
    var patches: [PlainPatch.Read] = []
    for message in wanted {
      let patch = try message.patch(number: 1, of: 1)
      patches.append(PlainPatch.Read(patch: patch, warnings: try message.warnings(patch)))
    }
    return patches
  }
}
