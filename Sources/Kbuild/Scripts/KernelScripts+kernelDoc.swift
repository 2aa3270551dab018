public import Diagnostics
import FoundationEssentials
import Processes
import Support

extension KernelScripts {
  /// Checks the documentation comments of files with the tree's kernel-doc and all its warnings (`-none -Wall`).
  ///
  /// One run checks all files, since starting python takes longer than a file does. The findings for a file depend only on
  /// its bytes. The script of 7.1 reports the same with python 3.7 to 3.13.
  ///
  /// - Parameters:
  ///   - files: the bytes of C files and headers of one state, by path.
  ///   - scratch: the absolute path of an existing folder.
  /// - Throws: `Failure(.unavailable)` when the interpreter is missing or too old, or when the script fails.
  public func kernelDoc(files: [String: [UInt8]], scratch: String) async throws(Failure) -> [Diagnostic] {
    guard !files.isEmpty else { return [] }
    let script = try kernelDocScript()
    try Self.require(script.interpreter, for: script.path)
    let folder = "\(scratch)/kernel-doc-\(UUID().uuidString)"
    defer { try? Files.remove(folder) }
    for (path, bytes) in files {
      let file = "\(folder)/\(path)"
      try Files.makeFolder(String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]))
      try Files.write(bytes, to: file)
    }
    let command = Command(
      script.interpreter, ["\(source.path)/\(script.path)", "-none", "-Wall"] + files.keys.sorted(),
      environment: Self.environment(home: folder), clearEnvironment: true, directory: folder)
    let outcome = try await run(command)
    let output = KernelDocOutput(outcome.errorText)
    // Run by an interpreter it does not support, the script says so and exits with status 0.
    guard output.other.isEmpty || !outcome.succeeded else {
      throw Failure(
        .unavailable, "\(script.path) does not work with the \(script.interpreter) on PATH",
        notes: Array(output.other.prefix(3)) + ["put a newer \(script.interpreter) first on PATH"])
    }
    guard outcome.succeeded else {
      throw failure(of: command, outcome, to: "check documentation with \(script.path)")
    }
    return output.diagnostics
  }

  /// The path of this tree's kernel-doc and its interpreter. It was perl and is python now, and has had three paths so far.
  func kernelDocScript() throws(Failure) -> (path: String, interpreter: String) {
    let makefile = String(decoding: Files.read("\(source.path)/Makefile") ?? [], as: UTF8.self)
    let named = makefile.firstMatch(of: #/(?m)^KERNELDOC\s*:?=\s*\$\(srctree\)/(\S+)\s*$/#).map { String($0.1) }
    // Older trees have no such variable.
    let path = named ?? "scripts/kernel-doc"
    guard let bytes = Files.read("\(source.path)/\(path)") else {
      throw Failure(
        .unavailable, at: Place(path), "the base has no kernel-doc script here",
        notes: ["the base may keep it at a path that this version of Seriesmith does not know"])
    }
    let first = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return (path, first.contains("python") ? "python3" : "perl")
  }
}

/// The output of either kernel-doc: "Warning: file.c:8 message" or "file.c:8: warning: message".
struct KernelDocOutput {
  var diagnostics: [Diagnostic] = []
  /// Lines without a place in a file: the script itself failed.
  var other: [String] = []

  init(_ text: String) {
    var seen: Set<Diagnostic> = []
    for line in text.split(separator: "\n") {
      guard let (severity, rest) = Self.severity(line) else {
        // A message may continue with the source line it is about.
        if diagnostics.isEmpty {
          other.append(String(line))
        } else {
          diagnostics[diagnostics.count - 1].message += " " + line.trimmingPrefix { $0.isWhitespace }
        }
        continue
      }
      guard severity != .note else { continue }
      guard let diagnostic = Self.diagnostic(rest, severity) else {
        other.append(String(line))
        continue
      }
      diagnostics.append(diagnostic)
    }
    // The python script repeats some messages.
    diagnostics = diagnostics.filter { seen.insert($0).inserted }
  }

  private static let marks: [(text: String, severity: Finding.Severity)] = [
    ("warning: ", .warning), ("error: ", .error), ("info: ", .note),
  ]

  /// The severity of a line, and the line without it; nil for a line without a severity at the start or after a place.
  private static func severity(_ line: Substring) -> (Finding.Severity, Substring)? {
    for (text, severity) in marks {
      if line.prefix(text.count).lowercased() == text { return (severity, line.dropFirst(text.count)) }
    }
    for (text, severity) in marks {
      guard let range = line.firstRange(of: ": " + text), place(line[..<range.lowerBound]) != nil else { continue }
      return (severity, line[..<range.lowerBound] + " " + line[range.upperBound...])
    }
    return nil
  }

  private static func diagnostic(_ text: Substring, _ severity: Finding.Severity) -> Diagnostic? {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let (file, line) = place(parts[0]) else { return nil }
    return Diagnostic(
      file: file, line: line, severity: severity, message: String(parts[1].trimmingPrefix { $0.isWhitespace }))
  }

  /// The file and line in "file.c:8".
  private static func place(_ text: Substring) -> (String, Int)? {
    guard !text.contains(" "), let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]),
      line > 0
    else { return nil }
    return (String(text[..<colon]), line)
  }
}
