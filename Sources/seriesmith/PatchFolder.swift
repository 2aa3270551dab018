import Diagnostics
import Foundation

/// A folder that a series is written to.
struct PatchFolder {
  var path: String

  /// Makes the folder hold this series and no other: patches of an earlier run go, files of anyone else stay.
  ///
  /// - Throws: status 65 when it holds patches that Seriesmith did not write, since a series is all the patches of a
  ///   folder; status 69 when it cannot be written.
  func replace(with texts: [(name: String, bytes: [UInt8])]) throws(Failure) {
    let manager = FileManager.default
    do {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
      let present = try manager.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".patch") }.sorted()
      let ending = Data("-- \n\(Version.signature)\n\n".utf8)
      if let foreign = present.first(where: {
        manager.contents(atPath: "\(path)/\($0)")?.suffix(ending.count) != ending
      }) {
        throw Failure(
          .input, at: Place("\(path)/\(foreign)"), "is a patch that Seriesmith did not write",
          notes: ["name another folder with --output, or move the patch away"])
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
}
