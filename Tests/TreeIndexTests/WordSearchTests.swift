import Git
import GitBinary
import Testing

@testable import TreeIndex

@Suite struct WordSearchTests {
  @Test(arguments: [
    ("x foo_bar y", true), ("foo_bar", true), ("foo_ba", false), ("xfoo_bar", false), ("foo_bar1 foo_bar", true),
    ("foo_barx", false), ("", false), ("f", false), ("/* ops */", true), ("o op ops", true), ("drops", false),
    ("\u{e9}ops\u{e9}", true),
  ])
  func onlyWholeWordsCount(text: String, isNamed: Bool) {
    let word = AnyWord(["foo_bar", "ops"])
    #expect(Array(text.utf8).withUnsafeBytes { word.isNamed(in: $0) } == isNamed)
  }

  @Test func itAgreesWithALookAtEveryWord() {
    var random = SystemRandomNumberGenerator()
    let letters = Array("ab_ ".utf8)
    for _ in 0..<5000 {
      func text(_ length: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: length, using: &random)).map { _ in letters.randomElement(using: &random) ?? 0 }
      }
      let words = (0..<3).map { _ in String(decoding: text(1...5).filter { $0 != 0x20 } + [0x61], as: UTF8.self) }
      let source = text(0...40)
      let isNamed = source.withUnsafeBytes { AnyWord(words).isNamed(in: $0) }
      #expect(isNamed == !WordScan(words).words(in: source).isEmpty, "\(words) in \(source)")
    }
  }

  @Test func noWordIsNamedAnywhere() {
    #expect(![0x20].withUnsafeBytes { AnyWord([]).isNamed(in: $0) })
  }

  @Test func filesAreInTheTreesOrder() async throws {
    let scratch = try ScratchRepository()
    for number in 100..<700 { try scratch.write("int ops\(number);\n", to: "b/\(number).c") }
    for path in ["z.h", "b/650x.c", "a.c"] { try scratch.write("struct ops;\n", to: path) }
    try scratch.write("ops\n", to: "notes.txt")
    try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    let paths = try await WordSearch(["ops"]).paths(in: try repository.resolve("HEAD").tree, of: repository)
    #expect(paths == ["a.c", "b/650x.c", "z.h"])
  }
}
