import Diagnostics
import Foundation
import Git
import PatchSeries

/// The generated series with one fault in it, as a folder of patches.
struct FaultySeries {
  private let repository: Repository
  private let base: ObjectID
  private var patches: [Patch] = []
  /// For each patch, the files the series has changed so far, as they are after it.
  private var states: [[String: [UInt8]]] = []

  init() async throws {
    repository = try Repository(opening: try await EmbeddedKernel.repository())
    base = try repository.resolve("HEAD").tree
    var tree = base
    var files: [String: [UInt8]] = [:]
    for path in try await GeneratedSeries.patches() {
      let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
      let patch = try PatchReader.patch(bytes, file: (path as NSString).lastPathComponent)
      tree = try repository.apply(patch.diff, to: tree, name: path)
      for file in try patch.fileDiffs() { files[file.path] = try repository.contents(of: file.path, in: tree) }
      patches.append(patch)
      states.append(files)
    }
  }

  /// A file as it is after a patch (one-based); 0 is the base.
  func file(_ path: String, after patch: Int) throws -> String {
    let bytes = patch == 0 ? nil : states[patch - 1][path]
    return String(decoding: try bytes ?? repository.contents(of: path, in: base) ?? [], as: UTF8.self)
  }

  /// Changes a file in every state from a patch on.
  mutating func change(_ path: String, from patch: Int, through last: Int = 9, _ edit: (String) throws -> String) throws
  {
    for index in patch...last {
      states[index - 1][path] = Array(try edit(try file(path, after: index)).utf8)
    }
  }

  /// Writes the series to a folder.
  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var before = base
    for (patch, files) in zip(patches, states) {
      let after = try repository.writeTree(changing: files.mapValues(Optional.some), over: base)
      let diff = try repository.diff(from: before, to: after)
      var patch = patch
      patch.diff = diff.text
      patch.files = diff.files
      let text = PatchWriter(signature: "test").text(patch, commit: String(repeating: "0", count: 40))
      try Data(text).write(to: URL(fileURLWithPath: "\(folder)/\(patch.fileName)"))
      before = after
    }
  }
}

extension String {
  struct NotFound: Error {
    var text: String
  }

  /// The string with one occurrence of a text replaced; it must be there.
  func changing(_ old: String, to new: String) throws -> String {
    guard let range = range(of: old) else { throw NotFound(text: old) }
    return replacingCharacters(in: range, with: new)
  }
}
