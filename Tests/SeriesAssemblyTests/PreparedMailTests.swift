import Diagnostics
import Foundation
import GitBinary
import PatchSeries
import Support
import Testing

@testable import SeriesAssembly

/// A series that git wrote, ready to be mailed.
@Suite struct PreparedMailTests {
  private let git: ScratchRepository
  private var out: String { git.path + "/out" }
  private let sender = Identity(name: "C O Mitter", email: "committer@example.com")

  init() throws {
    git = try ScratchRepository()
    try git.write("one\n", to: "a.c")
    try git.commit("base")
    for (subject, text) in [("a: use two", "two\n"), ("a: use three", "three\n")] {
      try git.write(text, to: "a.c")
      try git.commit("\(subject)\n\nWhy.\n\n\(sender.signOff)\n")
    }
    try git.git("format-patch", "--quiet", "--cover-letter", "-o", "out", "HEAD~2")
  }

  @Test func theCoverLetterComesFirst() async throws {
    let mail = try await PreparedMail(folder: out)
    #expect(mail.hasCover)
    #expect(mail.messages.map(\.name) == ["0000-cover-letter.patch", "0001-a-use-two.patch", "0002-a-use-three.patch"])
    #expect(mail.patches.map(\.name) == ["0001-a-use-two.patch", "0002-a-use-three.patch"])
  }

  @Test func allMailsAnswerTheFirst() async throws {
    let mail = try await PreparedMail(folder: out)
    let files = try mail.addressed(to: [Recipients([]), Recipients([]), Recipients([])], from: sender)
    let texts = files.map { String(decoding: $0.bytes, as: UTF8.self) }
    let ids = texts.compactMap { $0.firstMatch(of: #/(?m)^Message-ID: (<.*-committer@example\.com>)$/#)?.1 }
    try #require(Set(ids).count == 3)
    #expect(!texts[0].contains("In-Reply-To:"))
    for text in texts.dropFirst() { #expect(text.contains("\nIn-Reply-To: \(ids[0])\n")) }
  }

  @Test func sectionsStandBeforeTheShortlog() async throws {
    var mail = try await PreparedMail(folder: out)
    let isAdded = mail.addToCover("Tested: by hand.\n")
    #expect(isAdded)
    let letter = String(decoding: mail.messages[0].bytes, as: UTF8.self)
    #expect(letter.contains("\nTested: by hand.\n\nA U Thor (2):\n"))
  }

  @Test func aCoverLetterWithoutAShortlogStaysAsItIs() async throws {
    let path = out + "/0000-cover-letter.patch"
    let letter = String(decoding: try #require(Files.read(path)), as: UTF8.self)
    try Files.write(letter.replacing(#/A U Thor \(2\):\n(  .*\n)+/#, with: "").utf8, to: path)
    var mail = try await PreparedMail(folder: out)
    let before = mail.messages[0].bytes
    let isAdded = mail.addToCover("Tested: by hand.\n")
    #expect(!isAdded)
    #expect(mail.messages[0].bytes == before)
  }

  @Test func refusesAFileWithTwoPatches() async throws {
    let two = out + "/0002-a-use-three.patch"
    let one = out + "/0001-a-use-two.patch"
    try Files.write((Files.read(one) ?? []) + (Files.read(two) ?? []), to: one)
    try Files.remove(two)
    let failure = await #expect(throws: Failure.self) { _ = try await PreparedMail(folder: out) }
    #expect(failure?.status == .input)
    #expect(failure?.findings.first?.message == "'\(out)' is not exactly one series with one patch per file")
  }

  @Test func refusesAFolderWithoutPatches() async throws {
    let failure = await #expect(throws: Failure.self) { _ = try await PreparedMail(folder: git.path) }
    #expect(failure?.findings.first?.message == "no patches in '\(git.path)'")
  }
}
