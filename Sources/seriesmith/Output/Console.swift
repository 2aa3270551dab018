import Diagnostics
import Foundation
import Kernels
import Synchronization
import Verification

/// Foundation has a class of this name as well.
typealias Progress = Diagnostics.Progress

/// What the user sees: findings and progress on standard error, results on standard output.
///
/// A terminal shows the steps in progress below all other output and redraws them as they change. They leave nothing
/// behind, and the terminal's modes stay unchanged, so that a run may be killed at any time. Elsewhere there is a line
/// when a step ends, and for a long one when it begins and from time to time.
final class Console: Sendable {
  static let standard = Console()

  /// Whether standard error is a terminal whose cursor can be moved.
  private let isLive: Bool
  private let printer: Printer
  /// For results, which go to standard output.
  let outputPrinter: Printer
  private let state = Mutex(State())

  private struct State {
    var display = LiveDisplay()
    var log = ProgressLog()
    /// Shows the time that passes, from the first step on.
    var clock: Task<Void, Never>?
    /// The number of lines drawn; the cursor is at the end of the last one.
    var drawn = 0
    var drawnAt: ContinuousClock.Instant?
  }

  /// The shortest time between two redraws at leisure.
  private static let frame = Duration.milliseconds(50)

  init() {
    let environment = ProcessInfo.processInfo.environment
    let isDumb = ["", "dumb"].contains(environment["TERM"] ?? "")
    let wantsColor = (environment["NO_COLOR"] ?? "").isEmpty && !isDumb
    isLive = isatty(STDERR_FILENO) == 1 && !isDumb
    printer = Printer(color: isLive && wantsColor)
    outputPrinter = Printer(color: isatty(STDOUT_FILENO) == 1 && wantsColor)
  }

  func print(_ findings: [Finding]) {
    write(printer.text(findings))
  }

  /// Lines that are not the command's result.
  func print(text: String) { write(Printer.plain(text)) }

  /// A report that is not the command's result.
  func print(_ report: VerifyReport) {
    write(report.text(printer))
  }

  /// Prints why the command fails, in place of the steps in progress.
  func fail(_ failure: Failure) {
    state.withLock { ($0.display, $0.log) = (LiveDisplay(), ProgressLog()) }
    print(failure.findings)
    if failure.status == .unavailable { adviseOnCache("\(failure.findings)") }
  }

  /// If the error text is about the cache or a full disk, advises what to do about the cache.
  func adviseOnCache(_ text: String) {
    let cache = Cache.user.root
    let isFull = text.contains(String(cString: strerror(ENOSPC)))
    guard isFull || text.contains(cache) else { return }
    let notes = isFull ? ["`seriesmith cache prune` removes entries that were not used for a while"] : []
    print([Finding(.note, "the cache is \(cache); SERIESMITH_CACHE names another folder", notes: notes)])
  }

  /// Progress on standard error.
  var progress: Progress {
    Progress { [self] event in
      let text = state.withLock { state in
        if isLive { state.display.take(event) }
        if case .began = event, state.clock == nil { state.clock = Task { await showTime() } }
        return state.log.take(event, printer: printer)
      }
      switch event {
      case .advanced, .matrix(.began), .matrix(.planned), .matrix(.done), .matrix(.completed):
        isLive ? redraw(atLeisure: true) : sayWhatIsDue()
      default: text.isEmpty ? redraw() : write(text)
      }
    }
  }

  private func showTime() async {
    while (try? await Task.sleep(for: .seconds(1))) != nil { isLive ? redraw(atLeisure: true) : sayWhatIsDue() }
  }

  private func sayWhatIsDue() {
    let text = state.withLock { $0.log.due() }
    if !text.isEmpty { write(text) }
  }

  /// Redraws the steps in progress. At leisure, skips this shortly after the last redraw.
  private func redraw(atLeisure: Bool = false) {
    guard isLive else { return }
    write("", atLeisure: atLeisure)
  }

  /// Erases what is drawn, writes `text` there, and draws the steps in progress below it.
  private func write(_ text: String, atLeisure: Bool = false) {
    state.withLock { state in
      let now = ContinuousClock.now
      if atLeisure, let last = state.drawnAt, now - last < Self.frame { return }
      var erasing = ""
      if state.drawn > 0 { erasing = "\r" + (state.drawn > 1 ? "\u{1b}[\(state.drawn - 1)A" : "") + "\u{1b}[J" }
      let lines = isLive ? state.display.lines(height: Self.height, printer: printer, at: now) : []
      // Without autowrap, a line that is too long is cut off at the edge.
      let drawing = lines.isEmpty ? "" : "\u{1b}[?7l" + lines.joined(separator: "\n") + "\u{1b}[?7h"
      (state.drawn, state.drawnAt) = (lines.count, now)
      FileHandle.standardError.write(Data((erasing + text + drawing).utf8))
    }
  }

  /// The terminal's current number of lines.
  private static var height: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }
}
