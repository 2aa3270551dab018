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

  /// Evaluates JavaScript expressions about `page`, the page's document, and returns the results by name; "processor" is
  /// the processor time in seconds that the browser took for all of it, its start included.
  ///
  /// - Parameter isDark: whether the user prefers a dark page.
  private func measure(
    _ html: String, width: Int, isDark: Bool = false, _ expressions: [(name: String, text: String)]
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
      \(Self.contrast)
      function say(name, value) { said.innerHTML += `<dt>${name}</dt><dd>${value}</dd>`; }
      onload = () => { const page = frame.contentDocument; \(measures) };
      </script>
      """
    try Files.write(frame.utf8, to: folder + "/frame.html")
    let outcome = try await requireSuccess(
      Command(
        "bash",
        [
          // Without a zygote the browser waits for its processes, so that the shell knows the time of all of them.
          "-c", "TIMEFORMAT='%U %S'; time \"$@\"", "-", "chromium-headless-shell", "--no-zygote",
          "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--user-data-dir=\(folder)/profile",
          "--window-size=1400,2200", "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom",
          "file://\(folder)/frame.html",
        ]),
      to: "look at a page")
    let times = outcome.errorText.split(separator: "\n").last?.split(separator: " ")
    let processor = try #require(times).compactMap { Double($0) }.reduce(0, +)
    return Dictionary(
      outcome.text.matches(of: #/<dt>(.*?)</dt><dd>(.*?)</dd>/#).map { (String($0.1), String($0.2)) }
        + [("processor", "\(processor)")]
    ) { first, _ in first }
  }

  /// JavaScript: the texts of a document that are shown, and the contrast of one to what is behind it, as WCAG defines it.
  private static let contrast = """
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    function luminance(layers) {
      for (const layer of layers) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
      const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map(value => {
        value /= 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }
    function contrast(element) {
      const layers = [];
      for (let one = element; one; one = one.parentElement) layers.unshift(getComputedStyle(one).backgroundColor);
      const [behind, text] = [luminance(layers), luminance([...layers, getComputedStyle(element).color])];
      return (Math.max(behind, text) + 0.05) / (Math.min(behind, text) + 0.05);
    }
    function texts(page) {
      return [...page.body.querySelectorAll('*')].filter(element => element.checkVisibility()
        && [...element.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim()));
    }
    """

  private static let longPage = Result {
    try ReportWriterTests.writer.html(
      LongSeries.report, diffs: LongSeries.diffs(lines: 40),
      file: { $0.hasSuffix("gizmo.c") ? LongSeries.user : nil })
  }

  @Test func aLongSeriesLoadsAtOnce() async throws {
    // Diffs of 10 MB, of which the page shows what it has room for.
    let page = try ReportWriterTests.writer.html(LongSeries.report, diffs: LongSeries.diffs(lines: 2000))
    #expect(page.utf8.count < 2_000_000)
    #expect(page.utf8.count > 1_000_000)
    let seen = try await measure(
      page, width: 1280,
      [
        ("rows", "page.querySelectorAll('.matrix tbody tr').length"),
        ("height", "page.documentElement.scrollHeight"),
      ])
    #expect(seen["rows"] == "100")
    #expect(try #require(seen["height"].flatMap { Int($0) }) > 2000)
    // Time on a clock would depend on what else runs.
    let seconds = try #require(seen["processor"].flatMap { Double($0) })
    #expect(seconds > 0.1 && seconds < 2, "\(seconds) s")
  }

  @Test(arguments: [phone, 1280]) func theFallBesideItsHunk(width: Int) async throws {
    let seen = try await measure(
      try Self.longPage.get(), width: width,
      [
        ("excess", "page.documentElement.scrollWidth - page.documentElement.clientWidth"),
        ("hunk", "Math.round(page.querySelector('.beside > :first-child').getBoundingClientRect().top)"),
        ("lines", "Math.round(page.querySelector('.beside > :last-child').getBoundingClientRect().top)"),
        ("subject", "page.querySelector('.matrix tbody th').getBoundingClientRect().right"),
        // A link to a patch that is folded unfolds it.
        ("folded", "page.querySelector('#patch-9').checkVisibility()"),
        (
          "unfolded",
          "(frame.contentWindow.location.hash = 'patch-9', page.querySelector('#patch-9').checkVisibility())"
        ),
      ])
    #expect(seen["excess"] == "0")
    // On a phone, one is below the other.
    #expect((seen["hunk"] == seen["lines"]) == (width > Self.phone), "\(seen)")
    // The marks and the subject fit.
    #expect(try #require(seen["subject"].flatMap { Double($0) }) <= Double(width))
    #expect(seen["folded"] == "false")
    #expect(seen["unfolded"] == "true")
  }

  @Test(arguments: [false, true]) func everyTextIsReadable(isDark: Bool) async throws {
    for html in [try Self.longPage.get(), try ReportWriterTests.writer.html(ReportWriterTests.prove)] {
      let seen = try await measure(
        html, width: 1280, isDark: isDark,
        [
          ("paper", "getComputedStyle(page.body).backgroundColor"),
          ("texts", "texts(page).length"),
          (
            "faint",
            "texts(page).filter(element => contrast(element) < 4.5).map(element => element.outerHTML.slice(0, 80)).join('; ').replaceAll('<', '(')"
          ),
        ])
      #expect(seen["paper"] == (isDark ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)"))
      #expect(try #require(seen["texts"].flatMap { Int($0) }) > 20)
      // The least that WCAG asks of text.
      #expect(seen["faint"] == "", "\(seen)")
    }
  }

  /// On paper there is no colour to count on.
  @Test func aFallOnPaper() async throws {
    let folder = NSTemporaryDirectory() + "paper-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    try Files.write(Self.longPage.get().utf8, to: folder + "/report.html")
    try await requireSuccess(
      Command(
        "chromium-headless-shell",
        [
          "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)/profile", "--no-pdf-header-footer",
          "--print-to-pdf=\(folder)/report.pdf", "file://\(folder)/report.html",
        ]), to: "print a page")
    let text = try await requireSuccess(Command("pdftotext", ["-layout", folder + "/report.pdf", "-"])).text
    let lines = text.split(separator: "\n")
    for line in [
      #/falls at patch 50/100: compile, .*/#, #/error: call to undeclared function .*/#,
      // The signs of the table, of the lines of a hunk, and the number of the line that fails.
      #/^ *✓ ✓ ✗ ✗ .* 50/100 gizmo/#, #/^ *✓ ✓ ✓ .* 54/100 gizmo/#, #/-int frob_attach/#, #/\+int frob_bind/#,
      #/9 +return frob_attach/#,
    ] {
      #expect(lines.contains { $0.contains(line) }, "\(text.prefix(6000))")
    }
  }

  @Test func aVerificationOnAPhone() async throws {
    let seen = try await measure(
      try ReportWriterTests.writer.html(ReportWriterTests.verify, diffs: ["", "diff --git a/a b/a\n+a line\n"]),
      width: Self.phone,
      [
        ("width", "page.documentElement.scrollWidth"),
        ("title", "page.querySelector('h1').getBoundingClientRect().height > 0"),
        ("failed", "getComputedStyle(page.querySelector('td.failed')).color"),
        ("open", "page.querySelector('#patch-2 ~ .diff').checkVisibility()"),
        ("shut", "page.querySelector('#patch-1').checkVisibility()"),
        ("scripts", "page.scripts.length"),
      ])
    // Nothing is wider than the screen except elements that scroll.
    #expect(seen["width"] == "\(Self.phone)")
    #expect(seen["title"] == "true")
    #expect(seen["failed"] == "rgb(207, 34, 46)")
    #expect(seen["open"] == "true")
    #expect(seen["shut"] == "false")
    #expect(seen["scripts"] == "0")
  }

  @Test(arguments: [phone, 1200]) func theWalksAsAPicture(width: Int) async throws {
    let seen = try await measure(
      try ReportWriterTests.writer.html(ReportWriterTests.prove), width: width,
      [
        ("width", "page.documentElement.scrollWidth"),
        ("before", "page.querySelectorAll('.bar i')[0].getBoundingClientRect().width"),
        ("after", "page.querySelectorAll('.bar i')[1].getBoundingClientRect().width"),
        ("worse", "getComputedStyle(page.querySelector('.bar .worse')).backgroundColor"),
      ])
    #expect(seen["width"] == "\(width)")
    let before = try #require(seen["before"].flatMap { Double($0) })
    let after = try #require(seen["after"].flatMap { Double($0) })
    // 512 walks and 1 on a logarithmic scale: log 513 to log 2.
    #expect(abs(before / after - 9) < 0.3, "\(seen)")
    #expect(before > 0.5 * Double(width))
    #expect(seen["worse"] == "rgb(207, 34, 46)")
  }
}
