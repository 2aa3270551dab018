public import Diagnostics
import Support

/// The file `series` of a quilt folder, which names its patches in their order.
public struct QuiltSeries: Sendable {
  /// A line of the file `series`.
  public struct Entry: Hashable, Sendable {
    /// The patch's file, from the folder on.
    public var name: String
    /// Where the series names it.
    public var place: Place
  }

  /// The patches, in the order in which quilt applies them.
  public let entries: [Entry]

  /// - Throws: status `.input`, with the place, for a patch that is not applied with `-p1` as git's are, and for one
  ///   outside of the folder.
  public init(_ bytes: [UInt8], file: String) throws(Failure) {
    let lines = Lines(bytes)
    var entries: [Entry] = []
    for index in 0..<lines.count {
      let place = Place(file, line: index + 1)
      let words = lines.content(index).prefix { $0 != UInt8(ascii: "#") }.split { $0.isSpace }.map(\.text)
      guard let name = words.first else { continue }
      if let option = words.dropFirst().first(where: { $0 != "-p1" && $0 != "-pab" }) {
        throw Failure(
          .input, at: place, "patch is applied with '\(option)', only -p1 can be read",
          notes: ["write it again with `quilt refresh -p1`"])
      }
      guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
        throw Failure(.input, at: place, "patch '\(name)' is outside of the folder")
      }
      entries.append(Entry(name: name, place: place))
    }
    self.entries = entries
  }
}

extension PatchReader {
  /// Reads the patches a quilt series names, in the order given. Each is a mail, or a diff with or without text above.
  public static func series(quilt files: [(name: String, bytes: [UInt8])]) async throws(Failure) -> Series {
    let patches = try await MailReader.open { reader throws(Failure) in
      try await concurrently(files) { file throws(Failure) in
        let plain = try PlainPatch(file.bytes, file: file.name)
        return plain.isMail ? try await reader.patch(file.bytes, file: file.name) : try await plain.patch(reader)
      }
    }
    // The order is that of the series, whatever the mails say.
    return Series(
      patches: patches.enumerated().map { index, patch in
        var patch = patch
        (patch.number, patch.total) = (index + 1, files.count)
        return patch
      })
  }
}
