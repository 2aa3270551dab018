import Diagnostics
import Kbuild
import Testing

@testable import Verification

@Suite struct RenamedWarningsTests {
  private func left(_ new: [String], gone: [String]) -> [String] {
    func diagnostics(_ messages: [String]) -> [Diagnostic] {
      messages.map { Diagnostic(file: "a.h", line: 1, severity: .warning, message: $0) }
    }
    return RenamedWarnings.removed(from: diagnostics(new), gone: diagnostics(gone)) { $1 == "walk_length" }
      .map(\.message)
  }

  @Test func whatWasSaidOfTheOldNameIsNotNewOfTheNewOne() {
    let gone = ["parameter 'walk' not described in 'NS'", "expecting walk(). Prototype was for NS()"]
    let new = ["parameter 'walk_length' not described in 'NS'", "expecting walk_length(). Prototype was for NS()"]
    #expect(left(new, gone: gone).isEmpty)
    // Each old warning excuses one new warning.
    #expect(left(new + [new[0]], gone: gone) == [new[0]])
  }

  @Test func anotherWarningIsNew() {
    let new = ["parameter 'walk_length' not described in 'NS'"]
    #expect(left(new, gone: []) == new)
    #expect(left(new, gone: ["parameter 'walk' not described in 'OTHER'"]) == new)
    // The file already had the name.
    #expect(left(["parameter 'b' not described"], gone: ["parameter 'a' not described"]).count == 1)
  }
}
