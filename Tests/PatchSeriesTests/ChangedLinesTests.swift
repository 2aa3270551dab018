import PatchSeries
import Testing

@Suite struct ChangedLinesTests {
  private static let diff = """
    diff --git a/a.c b/a.c
    index 000011112222..333344445555 100644
    --- a/a.c
    +++ b/a.c
    @@ -3,3 +3,4 @@ int f(void)
     a
    -b
    +c
    +d
     e
    diff --git a/b.c b/b.c
    index 000011112222..333344445555 100644
    --- a/b.c
    +++ b/b.c
    @@ -1 +1 @@
    -x
    +y

    """

  private func changes(_ old: String = "", _ new: String = "") throws -> ChangedLines {
    let text = Self.diff.replacing(old, with: new)
    try #require(old.isEmpty || text != Self.diff)
    return ChangedLines(try DiffReader.read(Array(text.utf8), file: "p"))
  }

  @Test(arguments: [
    ("@@ -3,3 +3,4 @@ int f(void)", "@@ -30,3 +40,4 @@ int g(void)"), ("\n a\n", "\n z\n"),
    ("\n+d\n e\n", "\n+ d\n e\n"),
    ("index 000011112222..333344445555", "index 000011113333..333344446666"),
    ("@@ -3,3 +3,4 @@ int f(void)\n a\n-b\n+c\n+d", "@@ -3,3 +3,5 @@\n a\n-b\n+c\n+\n+d"),
  ])
  func areTheSameElsewhere(_ old: String, _ new: String) throws {
    #expect(try changes(old, new) == changes())
  }

  @Test(arguments: [
    ("\n+d\n", "\n+D\n", ["a.c"]), ("-b\n+c\n+d", "-b\n+d\n+c", ["a.c"]), ("-x\n+y", "-y\n+x", ["b.c"]),
    ("b/b.c\nindex 000011112222..333344445555 100644", "b/b.c\nold mode 100644\nnew mode 100755", ["b.c"]),
    ("b.c", "c.c", ["b.c", "c.c"]),
  ])
  func areNamedByFile(_ old: String, _ new: String, _ files: [String]) throws {
    #expect(try changes(old, new).paths(changedIn: changes()) == files)
  }
}
