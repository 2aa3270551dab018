import Testing
import TreeIndex

@Suite struct FileWordsTests {
  @Test(arguments: ["foo_bar", "x", "ops", "A1", "7", "int"])
  func aWordIsThereWhereverItStands(word: String) {
    let words = FileWords(Array("x/* foo_bar */A1 \"ops\"\n\u{e9}7\u{e9} #int".utf8))
    #expect(words.contains(word))
  }

  @Test(arguments: ["foo", "bar", "A", "1", "op", "e", ""])
  func aPartOfAWordIsNot(word: String) {
    #expect(!FileWords(Array("x/* foo_bar */A1 \"ops\"\n\u{e9}7\u{e9} #int".utf8)).contains(word))
  }

  @Test func anEmptyFileHasNone() {
    #expect(!FileWords([]).contains(""))
  }
}
