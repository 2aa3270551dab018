public import Diagnostics
import Foundation
import Processes
import Support
import Verification

/// The output folder of a series.
public struct PatchFolder {
  private let path: String

  /// The text below the `-- ` of a patch, by which Seriesmith knows its own files. It names no version, so that a newer
  /// Seriesmith gives the same patches.
  static let signature = "Seriesmith"

  /// The folder at `path`, which need not exist yet.
  public init(path: String) {
    self.path = path
  }

  /// Makes the folder contain this series and no other: removes patches of an earlier run, keeps all other files.
  ///
  /// Writes everything before it replaces anything, so that a full disk leaves the earlier series whole. A lock admits
  /// one run at a time. Call this with signals held back: only a run killed during the renames leaves a mixture, and
  /// every reader refuses that folder until a run replaces it again.
  ///
  /// - Throws: status 65 if the folder has patches, or an `accepted.yaml`, that Seriesmith did not write: readers would
  ///   take them as part of the series. Status 69 if the folder cannot be written.
  public nonisolated(nonsending) func replace(with texts: [(name: String, bytes: [UInt8])]) async throws(Failure) {
    let manager = FileManager.default
    let draft = path + "/.seriesmith"
    let written = "\(path)/\(SeriesSource.replacement)"
    do {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
      let lock = try await FileLock.acquire(path)
      defer { _ = lock }
      defer { try? Files.remove(draft) }
      let present = try manager.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(".patch") || $0 == AcceptedFindings.name }.sorted()
      if let foreign = present.first(where: { !isOurs($0) }) {
        throw Failure(
          .input, at: Place("\(path)/\(foreign)"), "was not written by Seriesmith",
          notes: ["name another folder with --output, or move the file away"])
      }
      try Files.remove(draft)
      try Files.makeFolder(draft)
      for (name, bytes) in texts { try Files.create("\(draft)/\(name)", bytes) }
      // A killed run may have left this folder, which marks a mixture: empty it, and let the rename replace it.
      for name in Files.names(in: written) { try Files.remove("\(written)/\(name)") }
      try Files.rename(draft, to: written)
      for name in present where !texts.contains(where: { $0.name == name }) { try Files.remove("\(path)/\(name)") }
      for (name, _) in texts { try Files.rename("\(written)/\(name)", to: "\(path)/\(name)") }
      try Files.remove(written)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.unavailable, at: Place(path), "cannot be written", notes: [error.localizedDescription])
    }
  }

  private func isOurs(_ name: String) -> Bool {
    let contents = FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data()
    if name == AcceptedFindings.name { return contents.starts(with: Data(AcceptedFindings.header.utf8)) }
    let ending = Data("-- \n\(Self.signature)\n\n".utf8)
    return contents.suffix(ending.count) == ending
  }
}
