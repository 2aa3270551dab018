import Diagnostics
import Processes

/// The output of sparse for a unit.
struct SparseOutput {
  private(set) var diagnostics: [Diagnostic] = []
  /// Lines without a place, which tell why sparse gave up.
  private var other: [Substring] = []
  /// Whether sparse reached the end of the unit.
  private var complete = false

  private static let mark = "seriesmith_end_of_unit"

  /// The source that sparse checks for `input`: the unit, followed by a symbol that sparse must warn about.
  ///
  /// The exit status does not tell whether sparse gave up early, for example over a header that the command line includes.
  static func wrapper(_ input: String) -> String {
    "#include \"\(input)\"\nint \(mark);\n"
  }

  /// - Parameter shorten: turns a path as sparse prints it into the path to report.
  init(_ text: String, shorten: (Substring) -> String) {
    var notes: [String] = []
    for line in text.split(separator: "\n") {
      guard let (file, number, column, rest) = Self.place(line) else {
        // "drivers/a.c: note: in included file (through include/b.h):" comes before what it explains.
        if line.contains(": note: in included file") {
          notes =
            line.firstRange(of: "(through ").map {
              ["included " + line[$0.lowerBound...].dropFirst().prefix { $0 != ")" }]
            } ?? []
        } else {
          other.append(line)
        }
        continue
      }
      let path = shorten(file)
      if let message = Self.message(rest) {
        if message.contains(Self.mark) {
          complete = true
        } else {
          diagnostics.append(
            Diagnostic(file: path, line: number, column: column, severity: .warning, message: message, notes: notes))
        }
        notes = []
      } else if !diagnostics.isEmpty {
        // The types that a message is about follow it, indented; lines that are not indented are notes.
        let last = diagnostics.count - 1
        if rest.hasPrefix("  ") {
          diagnostics[last].message += " [\(rest.trimmingPrefix { $0 == " " })]"
        } else {
          diagnostics[last].notes.append("\(path):\(number):\(column): note: \(rest.trimmingPrefix { $0 == " " })")
        }
      }
    }
  }

  /// What is known about the unit, given how sparse ended.
  func outcome(_ termination: Termination) -> SparseResult.Outcome {
    switch termination {
    case .timedOut, .signalled(9): return .environment("sparse \(termination)")
    case .signalled: return .unreadable("sparse \(termination)")
    case .exited(let status):
      if let error = diagnostics.first(where: Self.isSyntax) {
        let place = error.file.map { "\(Place($0, line: error.line)): " } ?? ""
        return .unreadable("sparse cannot parse it: \(place)\(error.message)")
      }
      guard complete, other.isEmpty else {
        let last = diagnostics.last.map { "the last message is '\($0.message)'" }
        let reason = other.first.map(String.init) ?? last ?? "no reason given"
        return .unreadable("sparse exited with status \(status) before the end of the unit: \(reason)")
      }
      return .checked(diagnostics)
    }
  }

  /// The outcome for a unit whose files the compiler failed to list.
  static func outcome(ofListing outcome: Processes.Outcome, shorten: (Substring) -> String) -> SparseResult.Outcome {
    guard case .exited = outcome.termination else { return .environment("the preprocessor \(outcome.termination)") }
    let error = Diagnostic.parse(outcome.errorText, shorten: shorten).first { $0.severity == .error }
    guard let error else { return .environment("the preprocessor \(outcome.termination)") }
    let place = error.file.map { "\(Place($0, line: error.line)): " } ?? ""
    return .unreadable("it cannot be preprocessed: \(place)\(error.message)")
  }

  /// The macros that sparse predefines, without `__has_…` and `__builtin_…`, which only a preprocessor itself can evaluate.
  static func definitions(_ text: String) -> String {
    text.split(separator: "\n").filter { line in
      line.hasPrefix("#define ") && !line.hasPrefix("#define __has_") && !line.hasPrefix("#define __builtin_")
    }.map { $0 + "\n" }.joined()
  }

  /// Whether sparse lost track of the syntax, so that all later findings are meaningless.
  private static func isSyntax(_ diagnostic: Diagnostic) -> Bool {
    let message = diagnostic.message
    if message == "too many errors" || message == "too many warnings" { return true }
    // These begin like syntax errors but are about types.
    if message == "expected pointer expression" || message == "expected structure or union"
      || message == "expected array" || message.hasPrefix("Expected constant expression")
    {
      return false
    }
    return [
      "Expected ", "expected ", "got ", "unable to open ", "Trying to use reserved word", "typename in expression",
      "expression expected", "identifier expected", "statement expected", "syntax error", "Syntax error",
      "unhandled token", "unterminated ", "unmatched ", "too many include files",
    ].contains(where: message.hasPrefix)
  }

  /// The parts of "FILE:LINE:COLUMN: REST"; the rest keeps its indentation.
  private static func place(_ line: Substring) -> (Substring, Int, Int, Substring)? {
    guard let match = line.prefixMatch(of: #/([^:]+):(\d+):(\d+): /#), let number = Int(match.2),
      let column = Int(match.3)
    else { return nil }
    return (match.1, number, column, line[match.range.upperBound...])
  }

  private static func message(_ text: Substring) -> String? {
    ["error: ", "warning: "].first(where: text.hasPrefix).map { String(text.dropFirst($0.count)) }
  }
}
