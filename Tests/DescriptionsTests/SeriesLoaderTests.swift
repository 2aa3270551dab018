import Descriptions
import Diagnostics
import Foundation
import Testing

/// A series in a temporary folder, in which every test breaks one thing.
@Suite struct SeriesLoaderTests {
  private static let series = """
    series: test
    author: {name: A, email: a@b}
    cover: {subject: s, text: t}
    ops:
      - {struct: ops, old: get, new: fetch}
    patches:
      - {id: one, subject: 'a: add fetch', message: why}

    """
  private static let kind = """
    kind: walker
    about: walks
    parameters: {callback: text, leaves: list}
    steps:
      - edits:
          - signature: {function: <% callback %>}

    """
  private static let driver = """
    file: a.c
    kind: walker
    patch: one
    callback: f
    leaves:
      - {when: x, length: Y}

    """

  private func load(series: String = series, kind: String = kind, driver: String = driver) throws -> SeriesDescription {
    let folder = NSTemporaryDirectory() + "series-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in [("series.yaml", series), ("kinds/walker.yaml", kind), ("drivers/a.yaml", driver)] {
      let path = folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    do {
      return try SeriesLoader.load(folder)
    } catch {
      throw Failure(
        error.status,
        error.findings.map { finding in
          var finding = finding
          finding.place?.file.replace(folder + "/", with: "")
          finding.notes = finding.notes.map { $0.replacing(folder + "/", with: "") }
          return finding
        })
    }
  }

  private func message(_ body: () throws -> SeriesDescription) -> String {
    do {
      _ = try body()
      return "loaded"
    } catch let failure as Failure {
      #expect(failure.status == .input)
      return Printer(color: false).text(failure.findings)
    } catch {
      return "\(error)"
    }
  }

  @Test func loadsAWholeSeries() throws {
    let series = try load()
    #expect(series.files.map(\.file) == ["a.c"])
    #expect(series.files[0].parameters["leaves"] == .list([["when": "x", "length": "Y"]]))
    #expect(series.kinds["walker"]?.steps.count == 1)
  }

  @Test func aSeriesMayGoWithoutACoverLetter() throws {
    let series = try load(series: Self.series.replacing("cover: {subject: s, text: t}\n", with: "prefix: RFC PATCH\n"))
    #expect(series.cover == nil)
    #expect(series.title == "a: add fetch")
    #expect(series.prefix == "RFC PATCH")
  }

  @Test func anOptionHasANameOfItsOwn() throws {
    let options = Self.series + "options:\n  - {name: safe, about: checks}\n"
    #expect(try load(series: options).options.map(\.about) == ["checks"])
    #expect(
      message { try load(series: options + "  - {name: safe, about: again}\n") }
        == "series.yaml:10:5: error: there are two options 'safe'\n")
    #expect(
      message { try load(series: options.replacing("safe", with: "leaves")) } == """
        series.yaml:9:5: error: the kind 'walker' also has a parameter 'leaves'
            rename the option or the parameter

        """)
  }

  @Test func anUnknownKeyIsNamedWithTheLikelyOne() {
    #expect(
      message { try load(driver: Self.driver + "calback: g\n") } == """
        drivers/a.yaml:7:1: error: unknown key 'calback' in the description
            did you mean 'callback'?
            expected one of: file, kind, patch, expects, steps, alone, changes, optional, when, variants, callback, leaves

        """)
  }

  @Test func aMissingKeyIsNamed() {
    #expect(
      message { try load(driver: Self.driver.replacing("callback: f\n", with: "")) }
        == "drivers/a.yaml:1:1: error: the description lacks the key 'callback'\n")
  }

  @Test func aWrongTypeIsNamed() {
    #expect(
      message { try load(driver: Self.driver.replacing("callback: f", with: "callback: [f]")) }
        == "drivers/a.yaml:4:11: error: 'callback' of the description must be a text, not a list\n")
  }

  @Test func anUnknownKindIsNamed() {
    #expect(
      message { try load(driver: Self.driver.replacing("kind: walker", with: "kind: wlaker")) } == """
        drivers/a.yaml:2:7: error: unknown kind 'wlaker'
            the kinds are: walker

        """)
  }

  private static let variants = """
    file: a.c
    optional: not every kernel has it
    kind: walker
    patch: one
    expects: [g]
    variants:
      - {name: old, when: {function: f}, callback: f, leaves: [], expects: [h]}
      - {name: new, when: {text: x(), function: g}, callback: g, leaves: [], patch: two}

    """

  @Test func variantsHaveWhatIsCommonAndTheirOwn() throws {
    let file = try load(driver: Self.variants).files[0]
    #expect(file.name == "a" && file.file == "a.c" && file.optional == "not every kernel has it")
    #expect(file.forms.map(\.name) == ["old", "new"])
    #expect(file.forms.map(\.patch) == ["one", "two"])
    #expect(file.forms.map(\.expects) == [["g", "h"], ["g"]])
    #expect(file.forms.map { $0.parameters["callback"] } == [.text("f"), .text("g")])
  }

  @Test(arguments: [
    ("name: old, ", "drivers/a.yaml:7:5: error: a variant lacks the key 'name'\n"),
    ("when: {function: f}, ", "drivers/a.yaml:7:5: error: a variant lacks the key 'when'\n"),
    ("callback: f, ", "drivers/a.yaml:7:5: error: the description lacks the key 'callback'\n"),
  ])
  func aVariantIsWhole(lacking key: String, expected: String) {
    #expect(message { try load(driver: Self.variants.replacing(key, with: "")) } == expected)
  }

  @Test(arguments: [
    ("variants: []\n", "drivers/a.yaml:5:11: error: 'variants' is empty\n"),
    ("variants: []\nwhen: {function: f}\n", "drivers/a.yaml:6:7: error: 'when' belongs in each variant\n"),
  ])
  func variantsAreWhatTheyAreFor(variants: String, expected: String) {
    #expect(message { try load(driver: "file: a.c\nkind: walker\npatch: one\nexpects: []\n" + variants) } == expected)
  }

  @Test func twoOfTheSameNameAreRefused() {
    #expect(
      message { try load(driver: Self.variants.replacing("name: new", with: "name: old")) } == """
        drivers/a.yaml:8:5: error: the name 'old' is taken
            by the description at drivers/a.yaml:7:5

        """)
  }

  @Test func aConditionWithoutAReasonIsRefused() {
    #expect(
      message { try load(driver: Self.driver + "when: {function: f}\n") } == """
        drivers/a.yaml:7:7: error: 'when' of the description needs 'optional'
            say why a kernel may have the file without this

        """)
  }

  @Test func aKeyGivenTwiceIsAnError() {
    #expect(message { try load(driver: Self.driver + "file: b.c\n") }.contains("occurs more than once"))
  }

  @Test func brokenYAMLHasAPlace() {
    #expect(message { try load(series: "series: [\n") }.hasPrefix("series.yaml:2:1: error: not valid YAML"))
  }

  @Test func subjectAndMessageKeepTo75Columns() {
    let long = String(repeating: "x", count: 76)
    #expect(
      message { try load(series: Self.series.replacing("message: why", with: "message: \(long)")) }
        .hasPrefix("series.yaml:7:49: error: a line of the commit's message has 76 columns, 75 are allowed"))
    #expect(
      message { try load(series: Self.series.replacing("'a: add fetch'", with: long)) }
        .hasPrefix("series.yaml:7:24: error: a line of the commit's subject has 76 columns, 75 are allowed"))
  }

  @Test func changesAreToAnEarlierVersion() {
    let first = Self.series.replacing("message: why", with: "message: why, changes: {1: all}")
    #expect(
      message { try load(series: first) }
        == "series.yaml:7:64: error: a version in 'changes' must be a number above 1, not '1'\n")
  }

  @Test func anEditNamesOneAction() {
    let kind = Self.kind.replacing("signature: {function: <% callback %>}", with: "sign: {function: f}")
    #expect(message { try load(kind: kind) }.hasPrefix("kinds/walker.yaml:6:9: error: unknown key 'sign' in an edit"))
  }

  @Test(arguments: [
    ("leaves: {each: result, length: 'leaf N'}", nil),
    ("leaves: {each: result}", nil),
    ("leaves: results", "4:50: error: the draft of 'leaves' must be a mapping, not a text"),
    ("leaves: {length: 'leaf N'}", "4:50: error: the draft of 'leaves' lacks the key 'each'"),
    ("leaves: {each: leaf}", "4:57: error: a list cannot be drafted from each 'leaf'"),
    (
      "leaves: {each: result, length: a leaf}",
      "4:73: error: 'length' of the draft of 'leaves' must contain the word N once"
    ),
  ])
  func whatAListIsDraftedFrom(_ draft: String, _ error: String?) {
    let kind = Self.kind.replacing(
      "steps:", with: "draft: {struct: ops, callback: callback, \(draft)}\nsteps:")
    let text = message { try load(kind: kind) }
    #expect(error.map(text.contains) ?? (text == "loaded"), "\(text)")
  }

  @Test func whatATextIsDraftedFrom() {
    let draft = "draft: {struct: ops, callback: leaves, leaves: {each: result}}\nsteps:"
    #expect(
      message { try load(kind: Self.kind.replacing("steps:", with: draft)) } == """
        kinds/walker.yaml:4:32: error: 'callback' cannot be drafted from 'leaves'
            expected one of: callback, receiver, title

        """)
  }
}
