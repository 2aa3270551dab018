import Diagnostics
import Foundation
import Processes
import Support
import Verification

/// A folder that a series is written to.
struct PatchFolder {
  var path: String

  /// Makes the folder hold this series and no other: patches of an earlier run go, files of anyone else stay.
  ///
  /// Everything is written before anything is replaced, so that a full disk leaves the series that was there. One run at
  /// a time does this. To be called where signals are held back: only a run that is killed in the very moment of the
  /// renames leaves some of each, and a folder that nobody takes for a series until it is replaced again.
  ///
  /// - Throws: status 65 when it holds patches, or a file of accepted findings, that Seriesmith did not write, since all
  ///   of them are the folder's series; status 69 when it cannot be written.
  nonisolated(nonsending) func replace(with texts: [(name: String, bytes: [UInt8])]) async throws(Failure) {
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
          .input, at: Place("\(path)/\(foreign)"), "is not of Seriesmith's writing",
          notes: ["name another folder with --output, or move the file away"])
      }
      try Files.remove(draft)
      try Files.makeFolder(draft)
      for (name, bytes) in texts { try Files.create("\(draft)/\(name)", bytes) }
      // The one that a killed run left stays, though empty, until this one takes its place.
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
    let ending = Data("-- \n\(Version.signature)\n\n".utf8)
    return contents.suffix(ending.count) == ending
  }
}
