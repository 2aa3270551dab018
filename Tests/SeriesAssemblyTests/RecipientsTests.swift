import Kbuild
import PatchSeries
import Testing

@testable import SeriesAssembly

@Suite struct RecipientsTests {
  private let core = Maintainer(address: "Core Maintainer <core@example.com>", role: .maintainer)
  private let driver = Maintainer(address: "Driver Maintainer <driver@example.com>", role: .maintainer)
  private let reviewer = Maintainer(address: "R E Viewer <reviewer@example.com>", role: .reviewer)
  private let list = Maintainer(address: "list@lists.example.com", role: .list)
  private let other = Maintainer(address: "other@lists.example.com", role: .list)

  @Test func maintainersAreAddressedAndOthersGetCopies() {
    let recipients = Recipients([core, reviewer, list])
    #expect(recipients.to.map(\.email) == ["core@example.com"])
    #expect(recipients.cc.map(\.email) == ["reviewer@example.com", "list@lists.example.com"])
  }

  @Test func aMailWithoutMaintainersIsAddressedToTheRest() {
    let recipients = Recipients([reviewer, list])
    #expect(recipients.to.map(\.email) == ["reviewer@example.com", "list@lists.example.com"])
    #expect(recipients.cc.isEmpty)
  }

  @Test func theCoverGoesToWhoeverGetsAllPatchesAndToEveryList() {
    let recipients = Recipients(coverOf: [[core, driver, list], [core, other]])
    #expect(recipients.to.map(\.email) == ["core@example.com"])
    #expect(recipients.cc.map(\.email) == ["list@lists.example.com", "other@lists.example.com"])
  }

  @Test func theTableHasAColumnForEachMail() {
    let mails = [[core, list], [driver], [list]].map { Recipients($0) }
    #expect(
      Recipients.table(mails) == """
        T··  Core Maintainer <core@example.com>
        C·T  list@lists.example.com
        ·T·  Driver Maintainer <driver@example.com>

        """)
  }
}
