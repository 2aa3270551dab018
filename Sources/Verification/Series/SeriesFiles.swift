import Diagnostics
import Foundation
import PatchSeries
import Support

/// The files that a SOURCE consists of, gunzipped where need be. Their names are relative to it.
struct SeriesFiles {
  enum Form {
    /// Mails, mboxes and diffs.
    case mails([(name: String, bytes: [UInt8])])
    /// The patches that a quilt folder's `series` names.
    case queue([(name: String, bytes: [UInt8])])
  }

  let form: Form

  /// The suffixes of files in a folder that hold patches; b4 writes `mbx`. Each may be followed by `.gz`.
  private static let endings = ["patch", "diff", "mbox", "mbx", "eml", "txt"]

  /// Reads the files; nil for a text that names neither a file or folder nor standard input.
  ///
  /// - Throws: `Failure(.input)` for a folder without patches, and for a file that cannot be read.
  init?(_ source: String) throws(Failure) {
    if source == "-" {
      form = .mails([("standard input", try StandardInput.bytes.get())])
      return
    }
    guard let isFolder = Files.isFolder(source) else { return nil }
    if let queue = try Self.queueFolder(source) {
      form = .queue(try Self.queue(queue))
      return
    }
    guard isFolder else {
      form = .mails([((source as NSString).lastPathComponent, try SeriesBytes.read(source))])
      return
    }
    let folder = source.hasSuffix("/") ? source : source + "/"
    let files = try Self.mails(folder)
    guard !files.isEmpty else {
      throw Failure(
        .input, "no patches in '\(source)'",
        notes: [
          "expected files named \(Self.endings.map { "*." + $0 }.joined(separator: ", ")), each perhaps with .gz; "
            + "a Maildir; a quilt folder with its 'series'; or a Debian source package with debian/patches"
        ])
    }
    form = .mails(files)
  }

  /// The files of a folder of patches; nil for a queue, and for a path that is no folder.
  static func inFolder(_ path: String) throws(Failure) -> [(name: String, bytes: [UInt8])]? {
    guard Files.isFolder(path) == true, try queueFolder(path) == nil else { return nil }
    return try mails(path + "/")
  }

  /// The folder with the `series` of a quilt queue, and a slash: of the source itself, or, if that holds no patches,
  /// where a Debian source package has it. The source may also be the file `series`. Nil for what is no queue.
  static func queueFolder(_ source: String) throws(Failure) -> String? {
    guard Files.isFolder(source) == true else {
      let isNamed = (source as NSString).lastPathComponent == "series"
      guard isNamed, Files.isFile(source), !PatchReader.holdsDiff(try SeriesBytes.read(source)) else { return nil }
      return String(source.dropLast("series".count))
    }
    let folder = source.hasSuffix("/") ? source : source + "/"
    if Files.exists(folder + "series") { return folder }
    let packaged = ["patches/", "debian/patches/"].map { folder + $0 }.first { Files.isFile($0 + "series") }
    return try packaged.flatMap { (packaged) throws(Failure) in try mails(folder).isEmpty ? packaged : nil }
  }

  private static func mails(_ folder: String) throws(Failure) -> [(name: String, bytes: [UInt8])] {
    let names = Files.names(in: folder)
    if names.contains(SeriesSource.replacement) {
      throw Failure(
        .input, at: Place(String(folder.dropLast())),
        "the patches are being replaced, or a run that replaced them was killed",
        notes: ["some of them may be the old ones: generate the series again"])
    }
    let isMaildir = ["cur", "new"].allSatisfy { Files.isFolder(folder + $0) == true }
    var files: [(name: String, bytes: [UInt8])] = []
    for name in isMaildir ? maildir(folder) : names.filter(isPatch) {
      let bytes = try SeriesBytes.read(folder + name)
      // Any text may have this ending.
      if name.hasSuffix(".txt"), !PatchReader.holdsDiff(bytes) { continue }
      files.append((name, bytes))
    }
    return files
  }

  private static func isPatch(_ name: String) -> Bool {
    let bare = name.hasSuffix(".gz") ? name.dropLast(".gz".count) : name[...]
    return !name.hasPrefix(".") && endings.contains { bare.hasSuffix("." + $0) }
  }

  /// The mails of a Maildir in the order of `git mailsplit`.
  private static func maildir(_ folder: String) -> [String] {
    ["cur", "new"].flatMap { part in
      Files.names(in: folder + part).filter { !$0.hasPrefix(".") }.map { "\(part)/\($0)" }
    }.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
  }

  private static func queue(_ folder: String) throws(Failure) -> [(name: String, bytes: [UInt8])] {
    var files: [(name: String, bytes: [UInt8])] = []
    for entry in try QuiltSeries(try SeriesBytes.read(folder + "series"), file: "series").entries {
      guard Files.isFolder(folder + entry.name) == false else {
        throw Failure(.input, at: entry.place, "there is no patch '\(entry.name)' in the folder")
      }
      files.append((entry.name, try SeriesBytes.read(folder + entry.name)))
    }
    guard !files.isEmpty else { throw Failure(.input, at: Place("series"), "series names no patch") }
    return files
  }
}

/// The bytes of one file, gunzipped if it is compressed.
private enum SeriesBytes {
  /// A large series takes a few megabytes; a year of a mailing list is not a series.
  private static let most = 128 << 20

  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let bytes = try Files.read(path, upTo: most + 1)
    let isGzip = Zlib.isGzip(bytes) && bytes.count <= most
    guard let bytes = isGzip ? Zlib.gunzipped(bytes, upTo: most + 1) : bytes else {
      throw Failure(.input, at: Place(path), "gzip's data is damaged", notes: ["download the file again"])
    }
    if bytes.count <= most { return bytes }
    throw Failure(
      .input, at: Place(path), "file is larger than \(most >> 20) MiB",
      notes: ["give the series a file of its own: `b4 am` writes one"])
  }
}

/// Standard input, which can be read once only.
private enum StandardInput {
  static let bytes = Result { () throws(Failure) in try SeriesBytes.read("/dev/stdin") }
}

extension SeriesSource {
  /// The name of a folder that stands among patches while they are replaced. A run killed meanwhile leaves it there.
  public static let replacement = ".seriesmith.written"

  /// The folder of a source's patches, where files that belong to them are: of a queue, the one that has its `series`.
  public static func folder(of text: String) -> String {
    (try? SeriesFiles.queueFolder(text)).flatMap { $0 } ?? text
  }
}
