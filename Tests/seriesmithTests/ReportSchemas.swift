import Foundation
import Synchronization
import Testing

/// The published schemas of reports, and what validates every report that a test writes.
enum ReportSchemas {
  static let folder = Command.package + "/docs/schema"

  /// Validates the reports that a run of the command wrote, by its arguments, and records an issue for each problem.
  static func check(_ arguments: [String], in directory: String, output: String) throws {
    for (option, value) in zip(arguments, arguments.dropFirst()) {
      guard let (kind, file) = report(option, value) else { continue }
      var path = file.hasPrefix("/") ? file : directory + "/" + file
      if file == "-" {
        // The command may have failed before its report.
        guard output.hasPrefix("{") || output.hasPrefix("<") || output.hasPrefix("[") else { continue }
        path = NSTemporaryDirectory() + "report-\(UUID().uuidString)"
        try output.write(toFile: path, atomically: true, encoding: .utf8)
      }
      defer { if file == "-" { try? FileManager.default.removeItem(atPath: path) } }
      guard let report = FileManager.default.contents(atPath: path) else { continue }
      let problems = try problems(of: path, as: try schema(kind, of: report))
      if !problems.isEmpty { Issue.record("\(option) \(value): \(problems.joined(separator: "\n"))") }
    }
  }

  private enum Kind {
    case json, junit, gitlab
  }

  /// The report that an option asks for, and the file that it goes to.
  private static func report(_ option: String, _ value: String) -> (Kind, file: String)? {
    switch (option, value) {
    case ("--json", let file): (.json, file)
    case ("--junit", let file): (.junit, file)
    case ("--annotations", "gitlab"): (.gitlab, "gl-code-quality-report.json")
    case ("--annotations", let form) where form.hasPrefix("gitlab:"): (.gitlab, String(form.dropFirst(7)))
    default: nil
    }
  }

  /// The schema's file: that of JSON is the one that the report names.
  private static func schema(_ kind: Kind, of report: Data) throws -> String {
    switch kind {
    case .junit: return "junit.xsd"
    case .gitlab: return "gitlab.json"
    case .json:
      struct Header: Decodable {
        var schema: String
      }
      let schema = try JSONDecoder().decode(Header.self, from: report).schema
      let name = try #require(schema.firstMatch(of: #/^seriesmith\.([a-z-]+)\/\d+$/#), "\(schema)").1
      return "\(name).json"
    }
  }

  /// What is wrong with a report by a schema of `folder`.
  static func problems(of path: String, as schema: String) throws -> [String] {
    try validator.withLock { validator in
      let started = try validator ?? Validator()
      validator = started
      return try started.problems(of: path, as: folder + "/" + schema)
    }
  }

  private static let validator = Mutex<Validator?>(nil)

  /// The process that validates. It ends with the tests, which close its input.
  private struct Validator: @unchecked Sendable {
    private let input = Pipe()
    private let output = Pipe()
    private let process = Process()

    init() throws {
      // Debian's, which has Debian's modules.
      process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
      process.arguments = [Command.package + "/Tests/seriesmithTests/validate-reports.py"]
      process.standardInput = input
      process.standardOutput = output
      try process.run()
    }

    func problems(of path: String, as schema: String) throws -> [String] {
      try input.fileHandleForWriting.write(contentsOf: Data("\(schema)\t\(path)\n".utf8))
      var answer = Data()
      while answer.last != UInt8(ascii: "\n") {
        let bytes = output.fileHandleForReading.availableData
        try #require(!bytes.isEmpty, "the validator ended: are python3-jsonschema and python3-lxml installed?")
        answer += bytes
      }
      return try JSONDecoder().decode([String].self, from: answer)
    }
  }
}
