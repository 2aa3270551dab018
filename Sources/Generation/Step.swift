import Descriptions
import Diagnostics

/// One file's part in one patch: its edits, and the facts that they need and change.
struct Step: Sendable {
  /// The index of the patch in the plan.
  var patch: Int
  /// The place of the patch that the description names among all of the series, parts of others included. Steps of one
  /// patch are made in this order.
  var rank: Int
  /// The path of the file in the tree.
  var file: String
  /// The name of the description or variant that the step belongs to.
  var form: String
  /// The place of that description, for messages.
  var place: Place
  var provides: [String]
  var requires: [String]
  var retires: [String]
  var removes: [String]
  var edits: [EditDescription]
  var parameters: [String: Parameter]
  /// The separate patch for this part; nil if the split does not separate it or the description has no texts for it.
  var alone: PatchDescription?

  /// - Throws: status 65 if the step names no patch, or one that the series does not have.
  init(
    _ step: StepDescription, of file: FileDescription, in series: SeriesDescription, split: Split
  ) throws(Failure) {
    let renderer = Renderer(file.parameters, at: step.place)
    guard let id = try renderer.text(ifPresent: step.patch) ?? file.patch else {
      throw Failure(.input, at: file.place, "names no 'patch' for its steps")
    }
    guard let named = series.patches.firstIndex(where: { $0.id == id }) else {
      throw Failure(
        .input, at: file.place, "names the patch '\(id)', which the series does not have",
        notes: ["its patches are: " + series.patches.map(\.id).joined(separator: ", ")])
    }
    let patches = series.patches(in: split)
    let whole = split == .described ? series.patches[named].partOf : nil
    patch = patches.firstIndex { $0.id == whole ?? id } ?? patches.endIndex
    rank = named
    self.file = file.file
    form = file.name
    place = file.place
    provides = try renderer.texts(step.provides)
    requires = try renderer.texts(step.requires)
    retires = try renderer.texts(step.retires)
    removes = try renderer.texts(step.removes)
    edits = step.edits
    parameters = file.parameters
    let names = (file.kind.flatMap { series.kinds[$0] }?.alone ?? []) + file.alone
    if split == .perDriver, let name = names.first(where: { ($0.patch ?? file.patch) == id }) {
      alone = try Self.patch(name, of: file, in: id)
    }
  }

  private static func patch(
    _ alone: AlonePatch, of file: FileDescription, in id: String
  ) throws(Failure) -> PatchDescription {
    let renderer = Renderer(file.parameters, at: alone.place)
    return PatchDescription(
      id: "\(id)/\(file.name)", subject: try renderer.text(alone.subject), message: try renderer.text(alone.message),
      changes: alone.changes.adding(file.changes), place: alone.place)
  }
}
