import Diagnostics
import Git
import GitBinary
import Testing

/// Binary patches of a four-byte file. git itself would write only the first.
@Suite struct BinaryPatchTests {
  private let old: [UInt8] = [0x61, 0, 0x62, 0x0A]

  private func apply(_ data: String, to new: [UInt8]) throws -> [UInt8]? {
    let scratch = try ScratchRepository()
    try scratch.write(old, to: "a.bin")
    try scratch.commit()
    let repository = try Repository(opening: scratch.path)
    let tree = try repository.resolve("HEAD").tree
    let oldID = try scratch.text("rev-parse", "HEAD:a.bin")
    let newID = String(decoding: try scratch.git("hash-object", "--stdin", input: new), as: UTF8.self).prefix(40)
    let patch =
      "diff --git a/a.bin b/a.bin\nindex \(oldID)..\(newID) 100644\nGIT binary patch\n\(data)\n\nliteral 0\nHcmV?d00001\n\n"
    let result = try repository.apply(Array(patch.utf8), to: tree, name: "p")
    return try repository.contents(of: "a.bin", in: result)
  }

  @Test func appliesADelta() throws {
    let scratch = try ScratchRepository()
    var random = SplitMix(state: 1)
    let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
    try scratch.write([0] + bytes, to: "a.bin")
    try scratch.commit()
    try scratch.write([0] + bytes + bytes, to: "a.bin")
    try scratch.commit()
    let patch = try scratch.git("diff", "--binary", "HEAD~", "HEAD")
    #expect(String(decoding: patch, as: UTF8.self).contains("\ndelta "))
    let repository = try Repository(opening: scratch.path)
    let result = try repository.apply(patch, to: try repository.resolve("HEAD~").tree, name: "p")
    #expect(try repository.resolve("HEAD").tree == result)
  }

  @Test(arguments: [
    ("of another size than it states", "delta 42\nMc-muOnLs220Q2?>nE(I)", "its data is damaged"),
    ("that gives too little", "delta 4\nLc-mv(n7{%60Z;&;", "its data is damaged"),
    ("that copies from beyond the end", "delta 7\nOc-mv(n8?I3fdv2rU;#J)", "its data is damaged"),
    ("of another file", "delta 4\nLc-muSnZN=70Z0Iz", "its data is damaged"),
    ("that ends too early", "delta 4\nLc-muOW_APs0Av76", "its data is damaged"),
    ("with an unknown code", "delta 6\nNc-muOW^i<L1ONfE0LuUX", "its data is damaged"),
    ("that gives 16 GiB", "delta 46\nPc-muW00M^zEW|+oRJ9G&'", "its data is damaged"),
    (
      "that states little and inflates to more",
      "literal 5\nzc-rm3F#!Mo0K%a4Pi+kkpa1{>0000000000000000000000000000000000000000\n"
        + "z00000000000000000000000000000000000000000000000000000000000000000\nP00000000000DxBmhOYnt",
      "its data is damaged"
    ),
    ("that states 99 GB", "literal 99999999999\nHcmV?d00001", "it states 99999999999 bytes, which is more than 64 MiB"),
    ("that states less than nothing", "literal -1\nHcmV?d00001", "its data is damaged"),
    (
      "that states no size", "literal x\nHcmV?d00001", "its data is damaged"
    ),
    (
      "of another kind", "other 0\nHcmV?d00001", "it has no data: write it with git format-patch, which includes it"
    ),
    ("with a short line", "literal 0\nHcmV?", "its data is damaged"),
    ("with no digits", "literal 0\nD,,,,,", "its data is damaged"),
    ("with too large digits", "literal 0\nD~~~~~", "its data is damaged"),
  ])
  func refusesData(_ what: String, _ data: String, _ reason: String) throws {
    let failure = #expect(throws: Failure.self, "\(what)") { try apply(data, to: [1, 2, 3, 4, 5]) }
    #expect(failure?.status == .falls)
    #expect(failure?.findings.first?.place == Place("p", line: 1))
    #expect(failure?.findings.first?.notes == [reason], "\(what)")
  }
}
