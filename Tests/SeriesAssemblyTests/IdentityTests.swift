import Diagnostics
import Git
import GitBinary
import Testing

@testable import SeriesAssembly

@Suite struct IdentityTests {
  @Test func isThatOfTheRepositorysConfiguration() async throws {
    let git = try ScratchRepository()
    try git.git("config", "user.name", "José Mitter")
    try git.git("config", "user.email", "jose@example.com")
    let identity = try await Identity.current(in: Repository(opening: git.path))
    #expect(identity == Identity(name: "José Mitter", email: "jose@example.com"))
    #expect(identity.signOff == "Signed-off-by: José Mitter <jose@example.com>")
  }
}
