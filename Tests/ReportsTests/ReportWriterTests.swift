import Descriptions
import Diagnostics
import Foundation
import Testing
import Verification

@testable import Proving
@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportWriterTests {
  private static let templates = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Templates")
    .standardizedFileURL.path

  static let writer = ReportWriter(templates: templates + "/reports")

  /// The counter of the series in `patches/`.
  private static let walks = {
    do {
      return try ProofLoader.load(templates + "/prove/prove.yaml").counters[0]
    } catch {
      fatalError("\(error)")
    }
  }()

  static let verify = VerifyReport(
    verdict: .falls, base: .init(rev: "1234", tree: "5678"),
    firstBad: FirstBad(index: 2, check: .compile, lane: "arm", reason: "a.c:3: no member", fixedBy: 3),
    coverage: .init(
      changedFiles: 2, neverCompiled: ["b.c"],
      unchecked: [.init(file: "b.c", why: "no lane compiles it", needs: "a lane for it")],
      exempt: [.init(file: "CREDITS", why: "it is text")]),
    commits: [
      CommitReport(
        index: 1, subject: "iommu: add <length>", tree: "9a", verdict: .stands,
        checks: [CheckReport(name: .apply, verdict: .pass), CheckReport(name: .compile, lane: "arm", verdict: .pass)]),
      CommitReport(
        index: 2, subject: "iommu: use it", tree: nil, verdict: .falls,
        checks: [
          CheckReport(name: .apply, verdict: .pass),
          CheckReport(
            name: .compile, lane: "arm", verdict: .fail, units: 2, cached: 1, seconds: 1.5,
            findings: [.init(Finding(at: Place("a.c", line: 3), "no member 'length'", notes: ["a < b", "\u{1B}[1m"]))]),
          CheckReport(name: .link, lane: "arm", verdict: .skipped),
        ]),
    ])

  static let prove = ProveReport(
    verdict: .fails, trees: ["12", "34"],
    suites: [
      .init(state: 0, name: "selftests: a", passed: 3, failed: 0, skipped: 0),
      .init(state: 1, name: "selftests: a", passed: 2, failed: 1, skipped: 0),
    ],
    counters: [
      .init(
        description: walks,
        counts: [
          .init(suite: "vfio", measured: [2 << 20, 2 << 20], before: 512, after: 1),
          .init(suite: "vfio", measured: [1 << 20, 4096], before: 256, after: 512),
        ])
    ],
    findings: [.init(Finding(.error, "state 1/1, selftests: a fails", notes: ["# a: 512 is not 1"]))])

  private var writer: ReportWriter { Self.writer }
  private var verify: VerifyReport { Self.verify }
  private var prove: ProveReport { Self.prove }

  /// Parses a document, which must be well-formed XML.
  private func parse(_ text: String) throws -> Outline {
    // HTML's shorthand is the only part of a page that is not XML.
    let xml = text.replacingOccurrences(of: "<!DOCTYPE html>\n", with: "").replacing(
      #/<meta ([^>]*)>/#, with: { "<meta \($0.1)/>" }
    ).replacing("<details open>", with: "<details open=\"\">")
    let outline = Outline()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = outline
    #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)\n\(xml)")
    return outline
  }

  @Test func thePageOfAVerification() throws {
    let page = try parse(try writer.html(verify, diffs: ["diff --git a/a.c b/a.c\n@@ -1 +1 @@\n-old\n+new <b>\n", ""]))
    #expect(page.texts("title") == [verify.sentence])
    #expect(page.texts("h1") == ["falls at patch 2/2: compile, arm"])
    #expect(page.texts("td", "mark passed") == ["✓", "✓"])
    #expect(page.texts("td", "mark failed") == ["✗"])
    #expect(page.texts("span", "new") == ["+new <b>\n"])
    #expect(page.texts("span", "old") == ["-old\n"])
    #expect(page.texts("li") == ["b.c: no lane compiles it; needs a lane for it", "CREDITS: it is text"])
    #expect(page.all.contains("iommu: add <length>"))
    #expect(page.all.contains("a < b\n\u{FFFD}[1m"))
    // What --merge joins has no diffs, and the page says so.
    let excuse = "The page has no diffs"
    #expect(!page.all.contains(excuse))
    #expect(try parse(try writer.html(verify)).all.contains(excuse))
    // Commits that fall are open, those that stand are closed.
    #expect(page.elements.filter { $0.name == "details" }.map { $0.attributes["open"] != nil } == [false, true])
    // Every link leads somewhere.
    let targets = Set(page.elements.compactMap { $0.attributes["id"] })
    #expect(
      page.elements.compactMap { $0.attributes["href"] }.allSatisfy {
        targets.contains(String($0.dropFirst())) || $0 == "#patch-3"
      })
  }

  @Test func whyASeriesFalls() throws {
    let page = try parse(
      try writer.html(
        LongSeries.report, diffs: LongSeries.diffs(lines: 4), file: { $0.hasSuffix("gizmo.c") ? LongSeries.user : nil })
    )
    #expect(page.texts("h3").first == "What the patch changes")
    #expect(
      page.texts("h3").last
        == "What mends it: 53/100 gizmo: drivers of the second generation: take the length of an entry from its descriptor, part 53"
    )
    #expect(page.texts("p", "advice").first?.hasPrefix("patch 50 removes a function that") == true)
    #expect(
      page.texts("span", "hit") == [
        "9\treturn frob_attach(g->frob, g->dev, GIZMO_FLAGS & ~GIZMO_LATE);\n\t       ^\n"
      ])
    // The finding is the same in four lanes, and stands there once.
    #expect(page.texts("p").contains("compile, x86_64, arm64, arm, powerpc"))
    #expect(page.texts("p").contains { $0.hasSuffix("fails compile in x86_64, arm64, arm, powerpc.") })
    // Every link leads somewhere.
    let targets = Set(page.elements.compactMap { $0.attributes["id"] })
    #expect(page.elements.compactMap { $0.attributes["href"] }.allSatisfy { targets.contains(String($0.dropFirst())) })
  }

  @Test func whatIsLeftOutIsCounted() throws {
    var report = LongSeries.report
    report.commits[9].checks[0].findings = (1...3000).map { .init(Finding(.warning, "number \($0)")) }
    let page = try parse(try writer.html(report, diffs: LongSeries.diffs(lines: 2000)))
    let shown = page.texts("div").count { $0.hasPrefix("warning: number ") }
    #expect(shown > 900 && shown <= ReportWriter.mostFindings)
    #expect(page.texts("p", "faint").contains("… and \(3000 - shown) more; --json has all."))
    let more = page.texts("span", "head").filter { $0.hasPrefix("… ") }
    // All but the two short ones.
    #expect(more.count == 98)
    #expect(Set(more).allSatisfy { $0.hasSuffix(" more lines\n") })
  }

  @Test func aPageNeedsNothingElse() throws {
    for text in [try writer.html(verify), try writer.html(prove)] {
      let page = try parse(text)
      #expect(page.elements.allSatisfy { !["script", "link", "img", "iframe"].contains($0.name) })
      #expect(page.elements.allSatisfy { $0.attributes["src"] == nil })
      #expect(!text.contains("@import") && !text.contains("url("))
    }
  }

  @Test func whatStrangersWroteStaysText() throws {
    var report = verify
    // A combining mark and the quote form one character.
    report.commits[0].subject = "\"\u{301} onclick=\"x\"><script>alert(1)</script>"
    let page = try parse(try writer.html(report))
    #expect(page.elements.allSatisfy { $0.name != "script" && $0.attributes["onclick"] == nil })
    #expect(page.all.contains("<script>alert(1)</script>"))
  }

  @Test func thePageOfAProof() throws {
    let page = try parse(try writer.html(prove))
    #expect(page.texts("h1") == [prove.sentence])
    #expect(page.texts("td", "number failed") == ["512", "2/3"])
    // 512 walks fill the scale, and one is still visible.
    let bars = page.bars
    #expect(bars.map { $0.attributes["class"] } == ["before", "after", "before", "worse"])
    #expect(
      bars.map { $0.attributes["style"] } == ["width:100.0%", "width:11.1%", "width:88.9%", "width:100.0%"])
    #expect(page.texts("div", "finding error").contains { $0.contains("512 is not 1") })
  }

  @Test func whatIsCountedIsCalledAsItsDescriptionHasIt() throws {
    let page = try parse(try writer.html(prove))
    #expect(page.texts("h2") == ["Page table walks to unmap memory", "Findings", "Tests that passed"])
    #expect(
      page.texts("th") == [
        "unmapped", "in leaves of", "before", "after", "instructions before", "instructions after", "vfio 2 MiB",
        "vfio 1 MiB", "suite", "base", "1", "selftests: a",
      ])
    #expect(
      page.texts("div", "name") == ["2 MiB in leaves of 2 MiB", "1 MiB in leaves of 4 KiB"])
    #expect(page.texts("h3") == ["vfio"])
    #expect(
      page.elements.first { $0.attributes["class"] == "chart" }?.attributes["aria-label"]
        == "Walks before and after the series, on a logarithmic scale; the table below has the numbers")
    #expect(
      page.texts("p", "faint") == [
        "Instructions are those of the virtual machine's processor, the fewest of several rounds in which no walks were "
          + "counted."
      ])
  }

  @Test func aProofWithoutACounter() throws {
    var report = prove
    report.counters = []
    let page = try parse(try writer.html(report))
    #expect(page.texts("h2") == ["Findings", "Tests that passed"])
    #expect(page.elements.allSatisfy { $0.attributes["class"] != "chart" })
    // A counter without counts is left out.
    let plain = try writer.html(report)
    report.counters = [.init(description: Self.walks, counts: [])]
    #expect(try writer.html(report) == plain)
    // Counts of 0 give bars of length 0.
    report.counters[0].counts = [.init(suite: "vfio", measured: [4096, 4096], before: 0, after: 0)]
    let zeros = try parse(try writer.html(report))
    #expect(zeros.bars.map { $0.attributes["style"] } == ["width:0.0%", "width:0.0%"])
  }

  @Test func junit() throws {
    let report = try parse(try writer.junit(verify))
    let suites = report.elements.filter { $0.name == "testsuite" }
    #expect(suites.map { $0.attributes["name"] } == ["1 iommu: add <length>", "2 iommu: use it"])
    #expect(suites.map { $0.attributes["failures"] } == ["0", "1"])
    #expect(suites.map { $0.attributes["skipped"] } == ["0", "1"])
    let cases = report.elements.filter { $0.name == "testcase" }
    #expect(cases.map { $0.attributes["name"] } == ["apply", "compile (arm)", "apply", "compile (arm)", "link (arm)"])
    #expect(cases.allSatisfy { $0.attributes["classname"] != nil })
    let failure = try #require(report.elements.first { $0.name == "failure" })
    #expect(failure.attributes["message"] == "no member 'length'")
    #expect(report.texts("failure")[0].hasPrefix("a.c:3: error: no member 'length'\n    a < b\n"))

    let proof = try parse(try writer.junit(prove))
    #expect(
      proof.elements.filter { $0.name == "testsuite" }.map { $0.attributes["name"] } == ["base", "state 1", "findings"])
    #expect(proof.elements[0].attributes["failures"] == "2")
  }
}

/// The elements of a document with their texts.
private final class Outline: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []

  /// The text of the whole document.
  var all: String { elements.first?.text ?? "" }

  /// The bars of charts.
  var bars: [Element] {
    elements.filter { $0.name == "i" && $0.attributes["style"]?.hasPrefix("width") == true }
  }

  func texts(_ name: String, _ kind: String? = nil) -> [String] {
    elements.filter { $0.name == name && (kind == nil || $0.attributes["class"] == kind) }.map(\.text)
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for index in open { elements[index].text += text }
  }
}
