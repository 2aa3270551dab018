import Git
import GitBinary
import Testing

@testable import TreeIndex

@Suite struct WordSearchTests {
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
