import Diagnostics
import Foundation

/// A folder that a series is written to.
struct PatchFolder {
  var path: String

  /// Makes the folder hold this series and no other: patches of an earlier run go, files of anyone else stay.
  ///
  /// - Throws: status 65 when it holds patches, or a file of accepted findings, that Seriesmith did not write, since all
  ///   of them are the folder's series; status 69 when it cannot be written.
  func replace(with texts: [(name: String, bytes: [UInt8])]) throws(Failure) {
    let manager = FileManager.default
    do {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
      let present = try manager.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(".patch") || $0 == AcceptedFindings.name }.sorted()
      if let foreign = present.first(where: { !isOurs($0) }) {
        throw Failure(
          .input, at: Place("\(path)/\(foreign)"), "is not of Seriesmith's writing",
          notes: ["name another folder with --output, or move the file away"])
      }
      for (name, bytes) in texts {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: .atomic)
      }
      for name in present where !texts.contains(where: { $0.name == name }) {
        try manager.removeItem(atPath: "\(path)/\(name)")
      }
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
