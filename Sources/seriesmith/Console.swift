import Diagnostics
import Foundation
import Synchronization
import Verification

/// Foundation has a class of this name as well.
typealias Progress = Diagnostics.Progress

/// What the user sees: findings and progress on standard error, results on standard output.
///
/// On a terminal the step under way is shown on one line that its end replaces. In a pipe the end of each step is a line,
/// and a long one says from time to time how far it is.
final class Console: Sendable {
  static let standard = Console()

  private let isTerminal: Bool
  private let printer: Printer
  /// For results, which go to standard output.
  let outputPrinter: Printer
  private let state = Mutex(State())

  private struct State {
    /// Whether the cursor is on a line that the next text has to replace.
    var onProgressLine = false
    /// When a step last said how far it is.
    var said: [String: ContinuousClock.Instant] = [:]
  }

  /// How often a step in a pipe says how far it is.
  private static let interval = Duration.seconds(20)
  /// What took less, in seconds, is not worth a line.
  private static let worthALine = 0.05

  init() {
    isTerminal = isatty(STDERR_FILENO) == 1
    let wantsColor = (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    printer = Printer(color: isTerminal && wantsColor)
    outputPrinter = Printer(color: isatty(STDOUT_FILENO) == 1 && wantsColor)
  }

  func print(_ findings: [Finding]) {
    write(printer.text(findings))
  }

  /// A report that is not the command's result.
  func print(_ report: VerifyReport) {
    write(report.text(printer))
  }

  /// Progress on standard error.
  var progress: Progress {
    Progress { [self] event in
      switch event {
      case .began(let name):
        if isTerminal { write("\(name) …", replaceable: true) }
      case .ended(let name, let outcome, let seconds):
        guard seconds >= Self.worthALine else { return }
        let time = String(format: "%.1f s", seconds)
        let outcome = outcome.map { ": \($0)" } ?? ""
        write("\(name)\(outcome) " + printer.style("(\(time))", "2") + "\n")
      case .advanced(let name, let done, let total):
        if isTerminal {
          write("\(name) … \(done)/\(total)", replaceable: true)
        } else if isDue(name) {
          write("\(name) … \(done)/\(total)\n")
        }
      case .note(let text):
        write(text + "\n")
      }
    }
  }

  private func isDue(_ name: String) -> Bool {
    state.withLock { state in
      let now = ContinuousClock.now
      guard let last = state.said[name] else {
        state.said[name] = now
        return false
      }
      guard now - last >= Self.interval else { return false }
      state.said[name] = now
      return true
    }
  }

  private func write(_ text: String, replaceable: Bool = false) {
    state.withLock { state in
      let start = state.onProgressLine ? "\r\u{1b}[K" : ""
      FileHandle.standardError.write(Data((start + text).utf8))
      state.onProgressLine = replaceable
    }
  }
}
