import Testing

@testable import Verification

@Suite struct RankedSourcesTests {
  @Test func aNameThatIsPartOfTheSymbolComesFirst() {
    let sources = RankedSources(["z/pt.c", "a/other.c", "b/iommu_amdv1.c", "b/none.c", "c/iommu-pages.c", "b/iommu.c"])
    #expect(
      sources.likeliest(for: "pt_iommu_amdv1_map_pages") == [
        "b/iommu_amdv1.c", "c/iommu-pages.c", "b/iommu.c", "z/pt.c", "a/other.c", "b/none.c",
      ])
    #expect(sources.likeliest(for: "x").first == "a/other.c")
    #expect(RankedSources([]).likeliest(for: "x") == [])
  }
}
