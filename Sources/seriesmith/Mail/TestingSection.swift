import Descriptions
import Kbuild
import PatchSeries
import Verification

/// The section of a cover letter on how the series was tested.
struct TestingSection {
  var record: VerdictRecord
  var lanes: [Lane]
  var accepted: [Acceptance]

  var text: String {
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
    let remarks = accepted.map { Self.item("\($0.file): \($0.message): \($0.reason)") }
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
