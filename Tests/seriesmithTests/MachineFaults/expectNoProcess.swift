import Foundation
import Testing

/// Expects that soon no process has the path in its arguments or environment, or as its working directory.
func expectNoProcess(mentioning path: String, _ comment: Comment) async throws {
  var left: [String] = []
  for _ in 0..<100 {
    left =
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { process in
        guard Int32(process) != nil else { return false }
        let folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) ?? ""
        return folder.hasPrefix(path)
          || ["cmdline", "environ"].contains { file in
            FileManager.default.contents(atPath: "/proc/\(process)/\(file)")?.range(of: Data(path.utf8)) != nil
          }
      } ?? []
    if left.isEmpty { return }
    try await Task.sleep(for: .milliseconds(100))
  }
  Issue.record("processes left: \(left). \(comment)")
}
