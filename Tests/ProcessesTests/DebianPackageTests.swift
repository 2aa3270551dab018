import Processes
import Testing

@Suite struct DebianPackageTests {
  @Test func theListIsWhole() {
    #expect(DebianPackage.all.count > 30)
    for package in DebianPackage.all {
      #expect(!package.items.isEmpty && !package.purpose.isEmpty, "\(package.name)")
      #expect(!package.neededBy.isEmpty || !package.optionalFor.isEmpty, "\(package.name)")
      #expect(
        package.name.allSatisfy { $0.isLowercase || $0.isNumber || "+-.".contains($0) }, "\(package.name)")
    }
    #expect(Set(DebianPackage.all.map(\.name)).count == DebianPackage.all.count)
  }

  @Test func tellsItemsApart() throws {
    let package = try #require(DebianPackage.all.first { $0.name == "libcap-dev" })
    #expect(package.items == [.header("sys/capability.h"), .library("cap")])
    #expect(package.neededBy == ["prove"])
    #expect(DebianPackage.all.first { $0.name == "b4" }?.optionalFor == ["mail"])
  }

  @Test func advisesToInstallWhatIsKnown() {
    #expect(DebianPackage.advice(for: "xz", "ld.lld-19", "tar") == ["apt-get install lld-19 tar xz-utils"])
    #expect(DebianPackage.advice(for: "no-such-tool") == [])
  }
}
