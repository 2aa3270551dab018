import Diagnostics
import Foundation
import PatchSeries

/// A folder of patches to mail, one per file.
struct PreparedMail {
  /// The cover letter and the patches, in the order in which they are mailed.
  var messages: [Message]
  var series: Series

  struct Message {
    /// The file's name.
    var name: String
    var bytes: [UInt8]
  }

  /// - Throws: status 65 if the folder has no series, more than one, or several messages in a file.
  init(folder: String) async throws(Failure) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".patch") }
    guard !names.isEmpty else {
      throw Failure(.input, "no patches in '\(folder)'", notes: ["`seriesmith generate --signoff` writes some"])
    }
    messages = names.sorted().map { name in
      Message(name: name, bytes: Array(FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()))
    }
    series = try await PatchReader.series(messages.map { ($0.name, $0.bytes) })
    let order = series.patches.map(\.fileName)
    let covers = messages.filter { !order.contains($0.name) }
    guard Set(order).count == order.count, covers.count == (series.cover == nil ? 0 : 1) else {
      throw Failure(
        .input, "'\(folder)' is not exactly one series with one patch per file",
        notes: series.warnings.map(\.message))
    }
    messages = covers + order.compactMap { name in messages.first { $0.name == name } }
  }

  var hasCover: Bool { series.cover != nil }

  /// The messages that are patches.
  var patches: ArraySlice<Message> { messages.dropFirst(hasCover ? 1 : 0) }
}
