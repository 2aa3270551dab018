import Foundation
import GitBinary
import PatchSeries
import Testing

/// Against what `git interpret-trailers` makes of the same message.
@Suite struct TrailersTests {
  @Test(arguments: [
    "", "Why.", "Why.\n\nReviewed-by: R <r@x>", "Why.\n\nReviewed-by: R <r@x>\nSigned-off-by: A <a@x>",
    "Why.\n\nSigned-off-by: A <a@x>\nReviewed-by: R <r@x>", "Two kinds:\n\n - one: this\n - two: that",
    "Reviewed-by: R <r@x>", "Why\nnot: this is no trailer.",
  ])
  func areWhereGitPutsThem(body: String) throws {
    let git = try ScratchRepository()
    let message = "iommu: map\n" + (body.isEmpty ? "" : "\n\(body)\n")
    let expected = try git.git(
      "interpret-trailers", "--if-exists=addIfDifferentNeighbor", "--trailer", "Signed-off-by: A <a@x>",
      input: Array(message.utf8))
    let found = "iommu: map\n\n" + Trailers.adding("Signed-off-by: A <a@x>", to: body) + "\n"
    #expect(found == String(decoding: expected, as: UTF8.self))
  }
}
