import Diagnostics
import Templating
import Testing

@Suite struct TemplateTests {
  private func render(_ text: String, _ values: [String: Template.Value]) throws -> String {
    try Template(text, at: Place("t.c", line: 1)).render(values)
  }

  @Test func leavesTheBracesOfCAlone() throws {
    let text = "int a[2][2] = {{1, 2}, {3, 4}};\nif (<% c %>) { x<y%>z; \"&\" }\n"
    #expect(
      try render(text, ["c": .text("a < b && \"c\"")]).hasPrefix(
        "int a[2][2] = {{1, 2}, {3, 4}};\nif (a < b && \"c\") {"))
  }

  @Test(arguments: ["", "\n\n", "{{a}}{{! no }}\r\n{{=| |=}}", "&amp; <b> 100%", "  {{#a}}\n  b\n"])
  func aTextThatNamesNothingStaysAsItIs(text: String) throws {
    #expect(try render(text, [:]) == text)
  }

  @Test func repeatsSections() throws {
    let items = Template.Value.list([["when": "a", "length": "1"], ["when": "b", "length": "2"]])
    #expect(try render("<%#leaves%><% when %>:<% length %> <%/leaves%>", ["leaves": items]) == "a:1 b:2 ")
  }

  /// A tag alone on its line leaves no empty line, not even on the first line.
  @Test(arguments: [true, false])
  func asksForAFlag(isSet: Bool) throws {
    let text = "<%# safe %>\n\nmin(a, b);\n<%/ safe %>\n<%^ safe %>\na;\n<%/ safe %>\nend;\n"
    #expect(try render(text, ["safe": .flag(isSet)]) == (isSet ? "\nmin(a, b);\n" : "a;\n") + "end;\n")
  }

  @Test func keepsAnEmptyFirstLine() throws {
    #expect(try render("\n<% name %>\n", ["name": .text("n")]) == "\nn\n")
  }

  @Test func anOptionalTextIsThereWhereItIsAskedFor() throws {
    let text = "a<%# more %>: <% more %><%/ more %>\n"
    #expect(try render(text, ["more": .text("b")]) == "a: b\n")
    #expect(try render(text, ["more": .flag(false)]) == "a\n")
  }

  @Test(arguments: [
    ("a\nb <% nme %>", "t.c:2: error: the template names 'nme', which has no value"),
    ("a\n<%# nme %>b<%/ nme %>", "t.c:2: error: the template names 'nme', which has no value"),
    ("<%^ nme %>b<%/ nme %>", "t.c:1: error: the template names 'nme', which has no value"),
    ("<% flag %>", "t.c:1: error: 'flag' is a flag or an absent text"),
    ("<%# flag %><% flag %><%/ flag %>", "t.c:1: error: 'flag' is a flag or an absent text"),
    ("<%^ absent %><% absent %><%/ absent %>", "t.c:1: error: 'absent' is a flag or an absent text"),
    ("<%# absent %><%# nme %><%/ nme %><%/ absent %>", "t.c:1: error: the template names 'nme', which has no value"),
    ("<% items %>", "t.c:1: error: 'items' is a list, not a text"),
    ("x\n\n<% name", "t.c:3: error: '<%' without '%>'"),
    ("<%> other %>", "t.c:1: error: the template tag '<%>other%>' is not supported"),
    ("<%< other %><%/ other %>", "t.c:1: error: the template tag '<%<other%>' is not supported"),
    ("<%$ other %><%/ other %>", "t.c:1: error: the template tag '<%$other%>' is not supported"),
    ("<% reversed(name) %>", "t.c:1: error: the template tag '<%reversed(name)%>' is not supported"),
    ("<%# . %><%/ . %>", "t.c:1: error: the template tag '<%#.%>' is not supported"),
    (
      String(repeating: "<%# flag %>\n", count: 100_000),
      "t.c:65: error: sections are nested more than 64 deep"
    ),
  ])
  func refusesWhatMustacheWouldDropSilently(text: String, message: String) {
    let failure = #expect(throws: Failure.self) {
      try render(text, ["name": .text("n"), "items": .list([]), "flag": .flag(true), "absent": .flag(false)])
    }
    #expect(failure.map { Printer(color: false).text($0.findings).hasPrefix(message) } == true)
    #expect(failure?.status == .input)
  }
}
