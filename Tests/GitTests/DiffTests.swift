import Diagnostics
import Git
import GitBinary
import PatchSeries
import Testing

/// Each test changes files in a scratch repository and compares with what git itself prints.
@Suite struct DiffTests {
  private func expectGitsDiff(
    _ scratch: ScratchRepository, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try scratch.git(
      "-c", "core.abbrev=12", "diff", "--find-renames", "--binary", "HEAD~", "HEAD")
    let repository = try Repository(opening: scratch.path)
    let old = try repository.resolve("HEAD~").tree
    let new = try repository.resolve("HEAD").tree
    let diff = try repository.diff(from: old, to: new)
    #expect(
      difference(Self.withoutSimilarity(diff.text), from: Self.withoutSimilarity(expected)) == nil,
      sourceLocation: sourceLocation)
    // Applying git's own diff gives git's tree.
    #expect(try repository.apply(expected, to: old, name: "p") == new, sourceLocation: sourceLocation)
  }

  /// libgit2 measures the similarity of two files differently from git.
  private static func withoutSimilarity(_ diff: [UInt8]) -> [UInt8] {
    Array(String(decoding: diff, as: UTF8.self).replacing(#/(?m)^similarity index \d+%$/#, with: "").utf8)
  }

  /// Commits `old` and `new` as one file of a tree with the kernel's attributes.
  private func compare(
    _ old: String, _ new: String, name: String = "drivers/iommu/a.c", attributes: String = kernelAttributes,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let scratch = try ScratchRepository()
    try scratch.write(attributes, to: ".gitattributes")
    try scratch.write(old, to: name)
    try scratch.commit()
    try scratch.write(new, to: name)
    try scratch.commit()
    try expectGitsDiff(scratch, sourceLocation: sourceLocation)
  }

  @Test(arguments: ["drivers/iommu/a.c", "include/a.h", "arch/a.dtsi", "rust/kernel/a.rs", "Documentation/a.rst"])
  func findsGitsHeadings(_ name: String) throws {
    let old = source(changed: false)
    let new = source(changed: true)
    try compare(old, new, name: name)
  }

  @Test func ignoresLabelsInHeadings() throws {
    let body = (0..<12).map { "\tstep_\($0)(domain);\n" }.joined()
    for label in ["out_free:", "out_free: /* done */", "out_free:\t", "  err:", "public:", "case_a: return 0;"] {
      let text = { (last: String) in
        "static int attach(struct device *dev)\n{\n\(body)\(label)\n\(body)\treturn \(last);\n}\n"
      }
      try compare(text("0"), text("ret"))
    }
  }

  @Test func cutsLongHeadings() throws {
    for length in 76...84 {
      let name = "static int " + String(repeating: "x", count: length - 12) + " (void)"
      let body = (0..<12).map { "\tstep_\($0)();\n" }.joined()
      try compare("\(name)\n{\n\(body)}\n", "\(name)\n{\n\(body)\tnew();\n}\n")
      try compare("\(name)\n{\n\(body)}\n", "\(name)\n{\n\(body)\tnew();\n}\n", name: "a.txt")
    }
  }

  @Test func cutsHeadingsBetweenCharacters() throws {
    let body = (0..<12).map { "\tstep_\($0)();\n" }.joined()
    for length in 66...72 {
      let head = "int " + String(repeating: "x", count: length) + "\u{e4}\u{4e2d}\u{1f427}\u{e4}\u{e4}"
      try compare("\(head)\n\(body)}\n", "\(head)\n\(body)\tnew();\n}\n")
      try compare("\(head)\n\(body)}\n", "\(head)\n\(body)\tnew();\n}\n", name: "a.rst")
    }
    let latin = Array("int x; /* by J".utf8) + [0xF6] + Array("rg */\n\(body)}\n".utf8)
    let scratch = try ScratchRepository()
    try scratch.write(kernelAttributes, to: ".gitattributes")
    try scratch.write(latin, to: "a.c")
    try scratch.commit()
    try scratch.write(latin.dropLast(2) + Array("new();\n}\n".utf8), to: "a.c")
    try scratch.commit()
    try expectGitsDiff(scratch)
  }

  @Test func followsAttributesOfFoldersAndPatterns() throws {
    let old = source(changed: false)
    let new = source(changed: true)
    try compare(old, new, name: "drivers/iommu/a.x", attributes: "drivers/**/*.x diff=cpp\n")
    try compare(old, new, name: "drivers/iommu/a.x", attributes: "/drivers/*/a.[xy] diff=cpp\n*.x diff=unknown\n")
    try compare(old, new, name: "a.c", attributes: "*.c diff=cpp\n*.c !diff\n")
  }

  @Test func eachOfManyHasTheAttributesOfItsTree() throws {
    let scratch = try ScratchRepository()
    let versions = [
      ("*.c diff=cpp\n", false), ("*.c diff=cpp\n", true), ("*.c diff=dts\n", false), ("*.c diff=dts\n", true),
      ("*.c diff=cpp\n", false), ("", true),
    ]
    for (index, (attributes, isChanged)) in versions.enumerated() {
      try scratch.write(attributes, to: "drivers/.gitattributes")
      try scratch.write(source(changed: isChanged), to: "drivers/a.c")
      try scratch.commit()
      _ = try scratch.git("tag", "v\(index)")
    }
    let pairs = (1..<6).map { ("v\($0 - 1)", "v\($0)") } + [("v0", "v5"), ("v1", "v3")]
    let repository = try Repository(opening: scratch.path)
    let trees = try pairs.map { (try repository.resolve($0).tree, try repository.resolve($1).tree) }
    for ((old, new), diff) in zip(pairs, try repository.diffs(trees)) {
      // git reads the attributes from its work tree.
      _ = try scratch.git("checkout", "--quiet", new)
      let expected = try scratch.git("-c", "core.abbrev=12", "diff", "--find-renames", "--binary", old, new)
      #expect(difference(diff.text, from: expected) == nil, "\(old) \(new)")
    }
  }

  @Test func readsHeadingsWithZeroBytesAsGit() throws {
    // git does not look this far for a zero byte to detect binary files.
    let padding = String(repeating: "/* text */\n", count: 1000)
    let body = (0..<12).map { "\tstep_\($0)();\n" }.joined()
    for head in ["int f(\0void)", "\0int f(void)", "int f(void)\0", "int g;\n\0"] {
      try compare("\(padding)\(head)\n\(body)}\n", "\(padding)\(head)\n\(body)\tnew();\n}\n")
    }
  }

  @Test func writesMissingNewlines() throws {
    try compare("a\nb", "a\nc")
    try compare("a\nb", "a\nb\n")
    try compare("a\nb\n", "a\nb")
    try compare("a", "a\nb\nc")
  }

  @Test func writesNewDeletedAndEmptyFiles() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a\n", to: "gone.c")
    try scratch.write("", to: "empty-gone.c")
    try scratch.write("text\n", to: "shell.sh")
    try scratch.write("was a file\n", to: "kind")
    try scratch.commit()
    try scratch.remove("gone.c")
    try scratch.remove("empty-gone.c")
    try scratch.write("b\n", to: "new folder/new file.c")
    try scratch.write("", to: "empty-new.c")
    try scratch.write("umlaut\n", to: "ä \"quoted\".c")
    try scratch.git("update-index", "--chmod=+x", "shell.sh")
    try scratch.git("add", "--all")
    try scratch.git("update-index", "--chmod=+x", "shell.sh")
    try scratch.git("commit", "--quiet", "-m", "change")
    try expectGitsDiff(scratch)
  }

  @Test func replacesFilesByFolders() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a\n", to: "thing")
    try scratch.write("b\n", to: "folder/b.c")
    try scratch.commit()
    try scratch.remove("thing")
    try scratch.remove("folder")
    try scratch.write("c\n", to: "thing/c.c")
    try scratch.write("d\n", to: "folder")
    try scratch.commit()
    try expectGitsDiff(scratch)
  }

  @Test func writesBinaryFiles() throws {
    let scratch = try ScratchRepository()
    var random = SplitMix(state: 7)
    let logo = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
    try scratch.write(logo, to: "logo.bin")
    try scratch.write(logo.reversed(), to: "gone.bin")
    try scratch.commit()
    try scratch.write(Array(logo[..<4000]) + [0, 1, 2, 3] + Array(logo[4000...]), to: "logo.bin")
    try scratch.write((0..<300).map { _ in UInt8.random(in: 0...255, using: &random) } + [0], to: "new.bin")
    try scratch.remove("gone.bin")
    try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    let old = try repository.resolve("HEAD~").tree
    let new = try repository.resolve("HEAD").tree
    // libgit2 compresses less than git, so only the effect is the same, forward and in reverse.
    let theirs = try scratch.git("diff", "--binary", "HEAD~", "HEAD")
    #expect(try repository.apply(theirs, to: old, name: "p") == new)
    let ours = try repository.diff(from: old, to: new)
    try scratch.git("checkout", "--quiet", "HEAD~")
    try scratch.git(["apply", "--index"], input: ours.text)
    #expect(try scratch.text("write-tree") == new.hex)
    #expect(ours.files.map { $0.added } == [0, 5004, 301])
    #expect(ours.files.map { $0.deleted } == [5000, 5000, 0])
  }

  @Test func findsRenames() throws {
    let scratch = try ScratchRepository()
    try scratch.write(source(changed: false), to: "drivers/iommu/a.c")
    try scratch.write("int b;\n", to: "drivers/iommu/b.c")
    try scratch.write("int b;\n", to: "drivers/iommu/c.c")
    try scratch.write(lines(0..<60), to: "drivers/iommu/d.c")
    try scratch.write(lines(40..<120), to: "drivers/iommu/e.c")
    try scratch.write(lines(200..<210), to: "drivers/iommu/unlike.c")
    try scratch.commit()
    try scratch.git("mv", "drivers/iommu/a.c", "drivers/iommu/core.c")
    try scratch.write(source(changed: true), to: "drivers/iommu/core.c")
    try scratch.git("mv", "drivers/iommu/b.c", "drivers/b.c")
    try scratch.git("mv", "drivers/iommu/c.c", "drivers/x.c")
    try scratch.git("rm", "-q", "drivers/iommu/d.c", "drivers/iommu/e.c", "drivers/iommu/unlike.c")
    try scratch.write(lines(5..<70), to: "drivers/new.c")
    try scratch.write(lines(30..<110), to: "drivers/newer.c")
    try scratch.write(lines(204..<240), to: "drivers/unlike.c")
    try scratch.commit()
    try expectGitsDiff(scratch)
  }

  private func lines(_ range: Range<Int>) -> String {
    range.map { "\tregister_number_\($0)(device, \($0 * 7919 % 1000));\n" }.joined()
  }

  @Test(arguments: 100..<125) func givesGitTheTreeOfRandomRenames(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let scratch = try ScratchRepository()
    let names = ["a.c", "b.c", "Kconfig", "Makefile", "core.c"]
    var files: [(name: String, text: [String])] = (0..<10).map { index in
      ("d\(index / 3)/\(names[index % 5])", RandomSource.text(&random) + ["\tunique_\(index % 7)();\n"])
    }
    for file in files { try scratch.write(file.text.joined(), to: file.name) }
    try scratch.commit()
    for index in files.indices where Bool.random(using: &random) {
      try scratch.remove(files[index].name)
      files[index].name = "e\(Int.random(in: 0..<3, using: &random))/\(index)\(names[index % 5])"
      if Bool.random(using: &random) { files[index].name = "f\(index)/\(names[index % 5])" }
      if Bool.random(using: &random) { RandomSource.edit(&files[index].text, &random) }
      if files[index].text.last?.hasSuffix("\n") == false { files[index].text.append("\n") }
      try scratch.write(files[index].text.joined(), to: files[index].name)
    }
    try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    let old = try repository.resolve("HEAD~").tree
    let new = try repository.resolve("HEAD").tree
    // git and libgit2 disagree on which files are similar enough for a rename, but the diffs have the same effect.
    let diff = try repository.diff(from: old, to: new)
    try scratch.write(diff.text, to: ".git/diff")
    try scratch.git("read-tree", old.hex)
    if !diff.text.isEmpty { try scratch.git("apply", "--cached", ".git/diff") }
    let applied = String(decoding: try scratch.git("write-tree"), as: UTF8.self).prefix(40)
    #expect(applied == new.hex)
    #expect(try repository.apply(diff.text, to: old, name: "p") == new)
  }

  @Test(arguments: 0..<40) func matchesGitOnRandomEdits(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let scratch = try ScratchRepository()
    try scratch.write(kernelAttributes, to: ".gitattributes")
    var files = (0..<6).map { _ in RandomSource.text(&random) }
    for (index, text) in files.enumerated() { try scratch.write(text.joined(), to: "drivers/d\(index)/f.c") }
    try scratch.commit()
    for index in files.indices { RandomSource.edit(&files[index], &random) }
    for (index, text) in files.enumerated() { try scratch.write(text.joined(), to: "drivers/d\(index)/f.c") }
    try scratch.commit()
    try expectGitsDiff(scratch)
  }
}

let kernelAttributes = """
  # SPDX-License-Identifier: GPL-2.0-only
  *.[ch] diff=cpp
  *.dts diff=dts
  *.dts[io] diff=dts
  *.rs diff=rust

  """

/// Constructs of kernel sources, each long enough that the context of a change near its end leaves out its head.
private func source(changed: Bool) -> String {
  let mark = changed ? "new" : "old"
  let heads = [
    "static int attach(struct device *dev)\n{", "struct iommu_ops {", "#define WALK(x) \\", "enum kind {",
    "static const struct iommu_ops ops = {", "\tout_unlock:", "out_free:", "EXPORT_SYMBOL_GPL(attach);",
    "static phys_addr_t\nwalk(struct domain *d,\n     unsigned long iova)\n{", "$dollar", "_private(void)",
    "  indented",
    "/ {", "&i2c0 {", "\tport@0 {", "pub(crate) fn walk(&self) -> Result {", "impl<T> Walk for Table<T> {",
    "\tunsafe fn raw() {", "macro_rules! walk {", "std::vector<int> walk()", "::global(void)", "Title", "=====",
    "class Walk:", "union u { /* with a comment */   ", "\u{e4}nderung(void)",
  ]
  return heads.map { head in
    head + "\n" + (0..<9).map { "\t\tline_\($0) = 0;\n" }.joined() + "\t\t.\(mark) = 1,\n};\n\n"
  }.joined()
}
