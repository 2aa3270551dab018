import Descriptions
import Diagnostics
import Foundation
import Verification

/// The file that says which findings a series' author lets stand.
enum AcceptedFindings {
  static let name = "accepted.yaml"

  /// How the file begins that `generate` writes beside the patches.
  static let header = "# Written by seriesmith generate, of the series' own accepted.yaml.\n"

  /// Those of `path`, or of the file that lies beside the patches of the folder `source`.
  static func read(_ path: String?, beside source: String) throws(Failure) -> [Acceptance] {
    let standard = (source as NSString).appendingPathComponent(name)
    guard let file = path ?? (FileManager.default.fileExists(atPath: standard) ? standard : nil) else { return [] }
    return try AcceptanceLoader.load(file, checks: Acceptance.checks.map(\.rawValue)).compactMap { entry in
      CheckName(rawValue: entry.check).map { check in
        Acceptance(check: check, file: entry.file, message: entry.message, reason: entry.why, place: entry.place)
      }
    }
  }
}
