import Foundation
import Testing

/// Committed output that tests compare with what is made now.
///
/// `SERIESMITH_RECORD=1 make test` writes it anew instead, and fails, so that no run passes for having recorded what it
/// should have compared.
enum Snapshot {
  static let isRecorded = ProcessInfo.processInfo.environment["SERIESMITH_RECORD"] == "1"

  /// Replaces the committed files with those of a folder, and records an issue.
  static func record(_ folder: String, as committed: String, including isPart: (String) -> Bool) throws {
    let manager = FileManager.default
    for name in try manager.contentsOfDirectory(atPath: committed) where isPart(name) {
      try manager.removeItem(atPath: "\(committed)/\(name)")
    }
    let names = try manager.contentsOfDirectory(atPath: folder).filter(isPart).sorted()
    for name in names { try manager.copyItem(atPath: "\(folder)/\(name)", toPath: "\(committed)/\(name)") }
    Issue.record("recorded \(names.count) files in \(committed): read them, then run without SERIESMITH_RECORD")
  }
}
