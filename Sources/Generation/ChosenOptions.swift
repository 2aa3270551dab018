import Descriptions
import Diagnostics

extension SeriesDescription {
  /// The series with the named options chosen and its others not: its cover letter and messages are rendered, and the
  /// templates of every file can ask for the options.
  func choosing(_ names: [String]) throws(Failure) -> SeriesDescription {
    for name in names where !options.contains(where: { $0.name == name }) {
      let known = options.map(\.name).joined(separator: ", ")
      throw Failure(
        .usage, "the series '\(self.name)' has no option '\(name)'",
        notes: [options.isEmpty ? "it has no options" : "its options are: \(known)"])
    }
    let flags = Dictionary(uniqueKeysWithValues: options.map { ($0.name, Parameter.flag(names.contains($0.name))) })
    var series = self
    if let cover { series.cover?.text = try Renderer(flags, at: cover.place).text(cover.text) }
    for (index, patch) in patches.enumerated() {
      series.patches[index].message = try Renderer(flags, at: patch.place).text(patch.message)
    }
    for index in files.indices { series.files[index].parameters.merge(flags) { $1 } }
    return series
  }
}
