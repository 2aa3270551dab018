public import Diagnostics
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
      if let option = words.dropFirst().first(where: { $0 != "-p1" && $0 != "-pab" }) {
        throw Failure(
          .input, at: place, "patch is applied with '\(option)', but only -p1 is supported",
          notes: ["regenerate it with `quilt refresh -p1`"])
      }
      guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
        throw Failure(.input, at: place, "patch '\(name)' is outside the folder")
      }
      entries.append(Entry(name: name, place: place))
    }
    self.entries = entries
  }
}

extension PatchReader {
  /// Reads the patches of a quilt series, in the order given. Each is a mail, or a diff with or without text above it.
  public static func series(quilt files: [(name: String, bytes: [UInt8])]) async throws(Failure) -> Series {
    let patches = try await GitMailReader.open { reader throws(Failure) in
      try await concurrently(files) { file throws(Failure) in
        let plain = try PlainPatch(file.bytes, file: file.name)
        return plain.isMail ? try await reader.patch(file.bytes, file: file.name) : try await plain.patch(reader)
      }
    }
    // The `series` file determines the order, whatever the mails say.
    return Series(
      patches: patches.enumerated().map { index, patch in
        var patch = patch
        (patch.number, patch.total) = (index + 1, files.count)
        return patch
      })
  }
}
