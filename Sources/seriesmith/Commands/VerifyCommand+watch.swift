import Diagnostics
import Foundation
import Git
import Verification

/// `--watch`: verifies again whenever the source changes, and shows what that changed.
extension VerifyCommand {
  /// How often the source is looked at. It is verified again once it has been the same twice.
  private static let interval = Duration.seconds(1)
  private static let inOperation = "in operation"

  /// Verifies until the user interrupts it. A change ends a run that is going on; what that has found out is kept.
  ///
  /// - Throws: the first run's failure. Later ones are only shown, as a branch that is being worked on passes through
  ///   states that cannot be verified.
  func watchSource() async throws(Failure) {
    var known: VerifyReport?
    var state = await sourceState()
    while true {
      switch await verifiedUnlessChanged(from: state) {
      case .changed(let new):
        state = new
        continue
      case .verified(let outcome):
        try reports.writeFiles(forms(of: outcome))
        try Output.write(Data(text(outcome.report, since: known).utf8), to: "-")
        known = outcome.report
      case .failed(let failure):
        guard known != nil, failure.status != .interrupted else { throw failure }
        Console.standard.print(failure.findings)
      }
      Console.standard.print(text: "watching for changes; Ctrl-C ends it\n")
      guard let new = await change(from: state) else { throw Failure(.interrupted, "interrupted") }
      state = new
    }
  }

  private func text(_ report: VerifyReport, since known: VerifyReport?) -> String {
    let printer = Console.standard.outputPrinter
    guard let known else { return report.text(printer) }
    let changes = ReportComparison(report, since: known).text(printer)
    let time = Date.now.formatted(date: .omitted, time: .standard)
    return "\n\(time): \(changes.isEmpty ? "nothing became better or worse\n" : "\n" + changes)\(report.sentence)\n"
  }

  private enum Ending: Sendable {
    case verified(Outcome)
    case failed(Failure)
    /// The source is in another state now.
    case changed(String)
  }

  private func verifiedUnlessChanged(from state: String) async -> Ending {
    await withTaskGroup(of: Ending?.self) { group in
      group.addTask {
        do throws(Failure) { return .verified(try await outcome(StepTimes())) } catch { return .failed(error) }
      }
      group.addTask { await change(from: state).map { .changed($0) } }
      defer { group.cancelAll() }
      for await ending in group {
        if let ending { return ending }
      }
      return .failed(Failure(.interrupted, "interrupted"))
    }
  }

  /// Waits until the source is in another state and stays there. Nil once the task is cancelled.
  private func change(from state: String) async -> String? {
    var last = state
    while (try? await Task.sleep(for: Self.interval)) != nil {
      let now = await sourceState()
      if now != state, now == last, now != Self.inOperation { return now }
      last = now
    }
    return nil
  }

  /// Tells what the source holds from all that it may hold later. What cannot be read now is such a state, too.
  private func sourceState() async -> String {
    do throws(Failure) {
      let (repository, base) = try await options.open(.silent)
      // Until a rebase ends, HEAD and the work tree are on their way.
      if repository.isInOperation { return Self.inOperation }
      let source = try await chosenSource(in: repository, .silent)
      return base.tree.hex + (try SeriesSource.fingerprint(source, in: repository))
    } catch {
      return "\(error.findings)"
    }
  }
}
