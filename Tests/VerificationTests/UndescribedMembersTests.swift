import Diagnostics
import Kbuild
import Testing

@testable import Verification

@Suite struct UndescribedMembersTests {
  private func missing(_ member: String, of structure: String = "s") -> Diagnostic {
    Diagnostic(
      file: "a.h", line: 4, severity: .warning, message: "struct member '\(member)' not described in '\(structure)'")
  }

  private let text =
    "/**\n * struct s - something\n * @a: first\n */\nstruct s {\n\tint a;\n\tint b;\n\tint c;\n\tint d;\n};\n"

  private func members(_ new: [Diagnostic], earlier: [Diagnostic]) -> UndescribedMembers {
    UndescribedMembers(new, earlier: earlier) { $0 == "a.h" ? Array(text.utf8) : nil }
  }

  @Test func aStructThatLacksMostDescriptionsMayLackMore() {
    let found = members([missing("d")], earlier: [missing("b"), missing("c")])
    #expect(found.others.isEmpty)
    #expect(
      found.notes == [
        Finding(.note, at: Place("a.h", line: 4), "1 new member of struct s without a description, like 2 before")
      ])
  }

  @Test func anyOtherStructMayNot() {
    for earlier in [[], [missing("b")], [missing("b", of: "t"), missing("c", of: "t")]] {
      let found = members([missing("d")], earlier: earlier)
      #expect(found.others == [missing("d")])
      #expect(found.notes.isEmpty)
    }
    let parameter = Diagnostic(
      file: "a.h", line: 4, severity: .warning, message: "function parameter 'd' not described in 's'")
    #expect(members([parameter], earlier: [missing("b"), missing("c")]).others == [parameter])
  }
}
