import Descriptions
public import Diagnostics
import Foundation
public import Verification

/// `accepted.yaml`, in which a series' author accepts findings, each with a reason.
public enum AcceptedFindings {
  /// The name of the file.
  public static let name = "accepted.yaml"

  /// The first line of the file that `generate` writes beside the patches.
  static let header = "# Written by seriesmith generate, of the series' own accepted.yaml.\n"

  /// Reads `path`, or the `accepted.yaml` in the folder `source` if there is one.
  public static func read(_ path: String?, beside source: String?) throws(Failure) -> [Acceptance] {
    let standard = source.map { (SeriesSource.folder(of: $0) as NSString).appendingPathComponent(name) }
    guard let file = path ?? standard.flatMap({ FileManager.default.fileExists(atPath: $0) ? $0 : nil }) else {
      return []
    }
    return try AcceptanceLoader.load(file, checks: Acceptance.checks.map(\.rawValue)).map { entry in
      Acceptance(
        check: entry.check.flatMap(CheckName.init), file: entry.file, message: entry.message, reason: entry.why,
        place: entry.place)
    }
  }
}
