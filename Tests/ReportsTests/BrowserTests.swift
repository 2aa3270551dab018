import Diagnostics
import Foundation
import Processes
import Support
import Testing
import Verification

@testable import Proving
@testable import Reports

/// How a browser shows the pages, without scripts: Debian's Chromium.
@Suite(.serialized) struct BrowserTests {
  /// The width in pixels of the narrowest phones still sold.
  private static let phone = 360

  /// Evaluates JavaScript expressions about `page`, the page's document, and returns the results by name.
  private func measure(
    _ html: String, width: Int, _ expressions: [(name: String, text: String)]
  ) async throws -> [String: String] {
    let folder = NSTemporaryDirectory() + "browser-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    try Files.write(html.utf8, to: folder + "/report.html")
    // The page may not run scripts; a page around it looks into it.
    let measures = expressions.map { "say('\($0.name)', \($0.text));" }.joined(separator: "\n")
    let frame = """
      <!DOCTYPE html>
      <iframe id="frame" src="report.html" sandbox="allow-same-origin" width="\(width)" height="2000"></iframe>
      <dl id="said"></dl>
      <script>
      function say(name, value) { said.innerHTML += `<dt>${name}</dt><dd>${value}</dd>`; }
      onload = () => { const page = frame.contentDocument; \(measures) };
      </script>
      """
    try Files.write(frame.utf8, to: folder + "/frame.html")
    let outcome = try await requireSuccess(
      Command(
        "chromium-headless-shell",
        [
          "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--user-data-dir=\(folder)/profile",
          "--window-size=1400,2200", "--dump-dom", "file://\(folder)/frame.html",
        ]),
      to: "look at a page")
    return Dictionary(
      outcome.text.matches(of: #/<dt>(.*?)</dt><dd>(.*?)</dd>/#).map { (String($0.1), String($0.2)) }
    ) { first, _ in first }
  }

  @Test func aVerificationOnAPhone() async throws {
    let seen = try await measure(
      try ReportWriterTests.writer.html(ReportWriterTests.verify, diffs: ["", "diff --git a/a b/a\n+a line\n"]),
      width: Self.phone,
      [
        ("width", "page.documentElement.scrollWidth"),
        ("title", "page.querySelector('h1').getBoundingClientRect().height > 0"),
        ("failed", "getComputedStyle(page.querySelector('td.failed')).color"),
        ("open", "page.querySelector('#patch-2 .diff').getBoundingClientRect().height > 0"),
        ("shut", "page.querySelector('#patch-1').getBoundingClientRect().height < 60"),
        ("scripts", "page.scripts.length"),
      ])
    // Nothing is wider than the screen except elements that scroll.
    #expect(seen["width"] == "\(Self.phone)")
    #expect(seen["title"] == "true")
    #expect(seen["failed"] == "rgb(207, 34, 46)")
    #expect(seen["open"] == "true")
    #expect(seen["shut"] == "true")
    #expect(seen["scripts"] == "0")
  }

  @Test(arguments: [phone, 1200]) func theWalksAsAPicture(width: Int) async throws {
    let seen = try await measure(
      try ReportWriterTests.writer.html(ReportWriterTests.prove), width: width,
      [
        ("width", "page.documentElement.scrollWidth"),
        ("before", "Math.round(page.querySelectorAll('rect')[0].getBoundingClientRect().width)"),
        ("after", "Math.round(page.querySelectorAll('rect')[1].getBoundingClientRect().width)"),
        ("worse", "getComputedStyle(page.querySelector('rect.worse')).fill"),
      ])
    #expect(seen["width"] == "\(width)")
    let before = try #require(seen["before"].flatMap { Double($0) })
    let after = try #require(seen["after"].flatMap { Double($0) })
    // 512 walks and 1 on a logarithmic scale: log 513 to log 2.
    #expect(abs(before / after - 9) < 0.3, "\(seen)")
    #expect(before > 300)
    #expect(seen["worse"] == "rgb(207, 34, 46)")
  }
}
