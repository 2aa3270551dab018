import Git
import Testing

@Suite struct ObjectIDTests {
  let empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"

  @Test func computesGitsIdOfABlob() throws {
    #expect(try ObjectID.blob(of: []).hex == empty)
    #expect(try ObjectID.blob(of: Array("hello\n".utf8)).hex == "ce013625030ba8dba906f756967f9e9ca394464a")
  }

  @Test func readsOnlyFortyHexadecimalDigits() throws {
    #expect(ObjectID(hex: empty)?.hex == empty)
    #expect(ObjectID(hex: empty)?.abbreviated() == "e69de29bb2d1")
    #expect(ObjectID(hex: "e69de29") == nil)
    #expect(ObjectID(hex: "+" + empty.dropFirst()) == nil)
  }
}
