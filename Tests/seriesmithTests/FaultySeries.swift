import Diagnostics
import Foundation
import Git
import PatchSeries

/// The generated series with faults added, to write as a folder of patches.
///
/// It keeps the files after each patch, so that changing one state leaves the others unchanged.
struct FaultySeries {
  /// The files that the series has changed so far, as they are after a patch; nil for a deleted file.
  typealias State = [String: [UInt8]?]

  private let repository: Repository
  private let base: ObjectID
  /// The messages; `write(to:)` makes their diffs from the states.
  private(set) var patches: [Patch] = []
  private(set) var states: [State] = []
  /// Changes to the written mails.
  var mailChanges: [MailChange] = []

  init() async throws {
    repository = try Repository(opening: try await EmbeddedKernel.repository())
    base = try repository.resolve("HEAD").tree
    var tree = base
    var state: State = [:]
    for path in try await GeneratedSeries.patches() {
      let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
      let patch = try await PatchReader.patch(bytes, file: (path as NSString).lastPathComponent)
      tree = try repository.apply(patch.diff, to: tree, name: path)
      for file in try patch.fileDiffs() { state[file.path] = try repository.contents(of: file.path, in: tree) }
      patches.append(patch)
      states.append(state)
    }
  }

  /// The contents of a file after a patch (one-based; 0 is the base); nil if there is no such file.
  func file(_ path: String, after patch: Int) throws -> [UInt8]? {
    if patch > 0, let version = states[patch - 1][path] { return version }
    return try repository.contents(of: path, in: base)
  }

  /// Changes a file in every state from one patch through another, the last by default.
  mutating func change(
    _ path: String, from patch: Int, through last: Int? = nil, _ edit: ([UInt8]?) throws -> [UInt8]?
  ) throws {
    for index in patch...(last ?? states.count) {
      states[index - 1][path] = .some(try edit(try file(path, after: index)))
    }
  }

  /// The diffs of each patch, file by file.
  func diffs() throws -> [(patch: Patch, files: [FileDiff])] {
    try rendered().map { ($0, try $0.fileDiffs()) }
  }

  /// Replaces all patches and states.
  mutating func replace(by patches: [(patch: Patch, state: State)]) {
    self.patches = patches.map(\.patch)
    states = patches.map(\.state)
  }

  /// Squashes all patches into one, or those through `last`.
  mutating func squash(through last: Int? = nil) {
    let last = last ?? patches.count
    patches = [patches[last - 1]]
    states = [states[last - 1]]
  }

  /// Writes the series to a folder.
  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var mails = try rendered()
    for change in mailChanges { try change.make(in: &mails) }
    for (index, mail) in mails.enumerated() {
      var mail = mail
      mail.number = index + 1
      mail.total = mails.count
      let text = PatchWriter(signature: "test").text(mail, commit: String(repeating: "0", count: 40))
      let name = PatchName.patch(mail.number, subject: mail.subject)
      try Data(text).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
  }

  /// The patches with the diffs between the states.
  private func rendered() throws -> [Patch] {
    var before = base
    return try zip(patches, states).map { patch, state in
      let after = try repository.writeTree(changing: state.filter { try exists($0.key) || $0.value != nil }, over: base)
      let diff = try repository.diff(from: before, to: after)
      before = after
      var patch = patch
      patch.diff = diff.text
      patch.files = diff.files
      return patch
    }
  }

  private func exists(_ path: String) throws -> Bool { try repository.entry(at: path, in: base) != nil }
}
