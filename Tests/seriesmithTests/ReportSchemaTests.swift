import Foundation
import Testing

/// The schemas in `docs/schema` hold nothing that a report may not hold. `Command` validates every report that a test
/// makes the command write.
@Suite struct ReportSchemaTests {
  @Test func aReportWithAnotherKeyIsRefused() async throws {
    let series = try FakeSeries()
    let json = try JSONSerialization.jsonObject(with: try await series.verify(["--depth", "structure"]).json)
    let report = try #require(json as? [String: Any])
    var commits = try #require(report["commits"] as? [[String: Any]])
    func problems(_ change: (inout [String: Any]) -> Void) throws -> [String] {
      var changed = report
      change(&changed)
      let file = series.folder + "/changed.json"
      try JSONSerialization.data(withJSONObject: changed).write(to: URL(fileURLWithPath: file))
      return try ReportSchemas.problems(of: file, as: "verify.json")
    }
    #expect(try problems { _ in } == [])
    #expect(try problems { $0["other"] = 1 } == ["$: Additional properties are not allowed ('other' was unexpected)"])
    #expect(try problems { $0["verdict"] = nil } == ["$: 'verdict' is a required property"])
    commits[1]["other"] = true
    #expect(try problems { $0["commits"] = commits }.map { $0.prefix(14) } == ["$.commits[1]: "])
    #expect(try problems { $0["coverage"] = [:] }.count == 4)
  }

  @Test func aJUnitReportWithAnotherAttributeIsRefused() async throws {
    let series = try FakeSeries()
    let file = series.folder + "/junit.xml"
    let run = try await Command.seriesmith(
      series.arguments + ["--depth", "structure", "--junit", file], in: series.folder, environment: series.environment)
    #expect(run.status == 0, "\(run.error)")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    for (old, new) in [
      ("<testcase ", "<testcase other=\"\" "), ("</testcase>", "<other/></testcase>"), ("</testsuites>", ""),
    ] {
      #expect(text.contains(old))
      try text.replacing(old, with: new, maxReplacements: 1).write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try !ReportSchemas.problems(of: file, as: "junit.xsd").isEmpty, "\(new)")
    }
  }

  /// So that a key that a writer gains needs one here. The counters of `prove.yaml` alone name keys of their own.
  @Test func everyObjectOfASchemaNamesItsKeys() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: ReportSchemas.folder).sorted()
    #expect(
      names == [
        "doctor.json", "gitlab.json", "junit.xsd", "prove.json", "scan.json", "verify-shard.json", "verify.json",
      ])
    for name in names where name.hasSuffix(".json") {
      let data = try #require(FileManager.default.contents(atPath: "\(ReportSchemas.folder)/\(name)"))
      var open: [[String: Any]] = []
      func visit(_ value: Any) {
        if let list = value as? [Any] { return list.forEach(visit) }
        guard let object = value as? [String: Any] else { return }
        if object["properties"] is [String: Any], object["additionalProperties"] as? Bool != false {
          open.append(object)
        }
        object.values.forEach(visit)
      }
      visit(try JSONSerialization.jsonObject(with: data))
      #expect(open.count == (name == "prove.json" ? 2 : 0), "\(name): \(open)")
    }
  }
}
