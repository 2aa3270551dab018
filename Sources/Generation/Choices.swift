import Descriptions
import Diagnostics

/// How a series' steps are grouped into patches. The tree after the last patch is the same for all splits.
public enum Split: String, Sendable, CaseIterable {
  /// The patches that the series describes.
  case described
  /// A separate patch for each driver's part in a described patch, if its description or kind has texts for one, and
  /// for each patch that is part of another.
  case perDriver = "per-driver"
}

extension SeriesDescription {
  /// The patches of a split in order. Parts of patches are patches of their own only where the series is split further.
  func patches(in split: Split) -> [PatchDescription] {
    split == .described ? patches.filter { $0.partOf == nil } : patches
  }

  /// The series with only the named options chosen; every option becomes a flag for the templates of every file.
  ///
  /// - Throws: status 64 if the series does not have one of the options.
  func choosing(_ names: [String]) throws(Failure) -> SeriesDescription {
    for name in names where !options.contains(where: { $0.name == name }) {
      let known = options.map(\.name).joined(separator: ", ")
      throw Failure(
        .usage, "the series '\(self.name)' has no option '\(name)'",
        notes: [options.isEmpty ? "it has no options" : "its options are: \(known)"])
    }
    var series = self
    for index in options.indices { series.options[index].isChosen = names.contains(options[index].name) }
    let flags = Dictionary(uniqueKeysWithValues: series.options.map { ($0.name, Parameter.flag($0.isChosen)) })
    for index in files.indices {
      series.files[index].parameters.merge(flags) { $1 }
      for variant in files[index].variants.indices {
        series.files[index].variants[variant].parameters.merge(flags) { $1 }
      }
    }
    return series
  }
}
