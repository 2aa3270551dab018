import Descriptions
public import Kbuild
import PatchSeries
public import Verification

/// The section of a cover letter on how the series was tested.
public struct TestingSection {
  private let record: VerdictRecord
  private let lanes: [Lane]
  private let accepted: [Acceptance]

  /// - Parameters:
  ///   - lanes: those that are described; the record names the ones that compiled something.
  ///   - accepted: the findings that the author accepts.
  public init(_ record: VerdictRecord, lanes: [Lane], accepted: [Acceptance]) {
    self.record = record
    self.lanes = lanes
    self.accepted = accepted
  }

  /// The paragraphs of the section.
  public var text: String {
    let used = lanes.filter { record.lanes.contains($0.name) }
      .map { Self.item(([$0.name, $0.target] + $0.toolchain).joined(separator: " ")) }
    let compiled =
      used.isEmpty
      ? []
      : [
        Self.wrapped("`seriesmith verify` compiled what each patch affects, and linked it, without a new warning in:"),
        used.joined(separator: "\n"),
      ]
    let said = "Of each patch, kernel-doc, sparse and checkpatch.pl --strict have nothing new to say"
    let remarks = accepted.map {
      Self.item("\($0.file): \($0.check == nil ? "not checked" : $0.message): \($0.reason)")
    }
    let checked = [Self.wrapped(said + (remarks.isEmpty ? "." : ", except for what is meant:"))]
    return (["Testing:"] + compiled + checked + (remarks.isEmpty ? [] : [remarks.joined(separator: "\n")]))
      .joined(separator: "\n\n") + "\n"
  }

  private static func item(_ text: String) -> String {
    " - " + WrappedText.wrap(text, indent: -3, hanging: 3, width: PatchDescription.columns)
  }

  private static func wrapped(_ text: String) -> String {
    WrappedText.wrap(text, indent: 0, hanging: 0, width: PatchDescription.columns)
  }
}
