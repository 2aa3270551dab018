import Foundation
import Testing

/// What a migration is about is data: its descriptions and templates, and the counters of `prove.yaml`. The code knows
/// nothing about IOMMUs, so that it does for any other op what it does for them.
@Suite struct VocabularyTests {
  /// Words of the migration that Seriesmith was written for. Two exceptions: code may `walk` a tree, and a patch may
  /// delete a file but leave lines of it.
  private static let words =
    "iommu|iova|vfio|smmu|pgtable|pgsize|page[ _]?table|leaf|leaves(?! lines of it)|walk[a-z0-9_]|[a-z0-9_]walk"

  private static func isOffence(_ text: String) -> Bool {
    text.range(of: words, options: [.regularExpression, .caseInsensitive]) != nil
  }

  /// The lines of a source with such a word in an identifier, or in a text other than help.
  private static func offences(in source: String, file: String) -> [String] {
    // Few files have any, and scanning one is slow.
    guard isOffence(source) else { return [] }
    return CodeScanner.code(of: source).components(separatedBy: "\n").enumerated()
      .filter { isOffence($0.element) }
      .map { "\(file):\($0.offset + 1): \($0.element.trimmingCharacters(in: .whitespaces))" }
  }

  @Test func theCodeKnowsNothingOfWhatIsMigrated() throws {
    let sources = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources").standardizedFileURL.path
    let files = try #require(FileManager.default.enumerator(atPath: sources)).compactMap { $0 as? String }
      .filter { $0.hasSuffix(".swift") }.sorted()
    #expect(files.count > 100)
    let offences = try files.flatMap { file in
      Self.offences(in: try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8), file: file)
    }
    #expect(offences == [])
  }

  @Test(arguments: [
    "let iommu = 1", "case leaves", "struct WalkCount {}", "func count(walks: Int)", "\"an Intel IOMMU\"",
    "\"\"\"\n  the page table\n  \"\"\"", "#\"leaf\"#", "\"\\(vfio)\"", "\"\\(f(\"smmu\"))\"", "\"//\" + iova",
    "#/\"/#; leaf", "help: f(\"no\") + leaf", "/* a /* b */ c */ leaf", "message: \"a leaf\"",
  ])
  func aWordInTheCodeIsFound(_ source: String) {
    #expect(Self.offences(in: source, file: "a").count == 1)
  }

  @Test(arguments: [
    "tree.walk(\"a\")", "// of an iommu", "/// A leaf.", "f() /* a /* leaf */ leaf */", "abstract: \"Walks it.\",",
    "discussion: \"\"\"\n  Of an IOMMU \\(a(\"leaf\")) \"leaf\"\n  \"\"\")", "help: \"leaf \\\" leaf\"",
    "help: ArgumentHelp(\"A leaf.\", valueName: \"n\")", "ArgumentHelp(\n  \"A leaf.\")",
  ])
  func commentsAndHelpAreForReaders(_ source: String) {
    #expect(Self.offences(in: source, file: "a") == [])
  }
}

/// Replaces comments and the texts of `--help`, which are only for readers, by spaces.
private struct CodeScanner {
  private let source: [UInt8]
  private var index = 0
  private var output: [UInt8] = []

  /// The labels before a text of `--help`.
  private static let helpLabels = ["abstract:", "discussion:", "help:", "ArgumentHelp("]

  static func code(of source: String) -> String {
    var scanner = CodeScanner(source: Array(source.utf8))
    scanner.scan(isKept: true)
    return String(decoding: scanner.output, as: UTF8.self)
  }

  private init(source: [UInt8]) { self.source = source }

  private var isAtEnd: Bool { index >= source.count }

  private func isNext(_ text: String) -> Bool { source[index...].starts(with: text.utf8) }

  private mutating func take(_ count: Int = 1, isKept: Bool) {
    let taken = source[index...].prefix(count)
    output += isKept ? Array(taken) : taken.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
    index += taken.count
  }

  /// Takes code, up to a parenthesis that closes an earlier one.
  private mutating func scan(isKept: Bool) {
    var depth = 0
    while !isAtEnd, depth >= 0 {
      switch UnicodeScalar(source[index]) {
      case "/" where isNext("//"):
        while !isAtEnd, !isNext("\n") { take(isKept: false) }
      case "/" where isNext("/*"):
        takeComment()
      case "#" where isNext("#/"):
        take(2, isKept: isKept)
        while !isAtEnd, !isNext("/#") { take(isKept: isKept) }
        take(2, isKept: isKept)
      case "\"",
        "#" where source[index...].first { $0 != UInt8(ascii: "#") } == UInt8(ascii: "\""):
        takeText(isKept: isKept && !isHelp)
      case let other:
        depth += other == "(" ? 1 : other == ")" ? -1 : 0
        take(isKept: isKept)
      }
    }
  }

  private mutating func takeComment() {
    take(2, isKept: false)
    while !isAtEnd, !isNext("*/") {
      if isNext("/*") { takeComment() } else { take(isKept: false) }
    }
    take(2, isKept: false)
  }

  private var isHelp: Bool {
    guard let last = output.lastIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }) else {
      return false
    }
    let before = String(decoding: output[...last].suffix(20), as: UTF8.self)
    return Self.helpLabels.contains(where: before.hasSuffix)
  }

  private mutating func takeText(isKept: Bool) {
    let hashes = String(decoding: source[index...].prefix { $0 == UInt8(ascii: "#") }, as: UTF8.self)
    take(hashes.count, isKept: isKept)
    let quotes = isNext("\"\"\"") ? "\"\"\"" : "\""
    take(quotes.count, isKept: isKept)
    let escape = "\\" + hashes
    while !isAtEnd, !isNext(quotes + hashes) {
      if isNext(escape + "(") {
        take(escape.count + 1, isKept: isKept)
        scan(isKept: isKept)
      } else {
        take(isNext(escape) ? escape.count + 1 : 1, isKept: isKept)
      }
    }
    take(quotes.count + hashes.count, isKept: isKept)
  }
}
