import PatchSeries
import Testing

@Suite struct MailPlaceTests {
  @Test(arguments: [
    ("[PATCH] a: one", [1, 1, 1]), ("[PATCH v3 02/12] a: two", [2, 12, 3]), ("[RFC PATCH 0/2] cover", [0, 2, 1]),
    ("[PATCH\n v2 1/2] folded", [1, 2, 2]), ("Re: [PATCH 1/2] a: one", nil), ("[ANNOUNCE] a tree", nil),
    ("a: one", nil),
  ])
  func isWhatTheSubjectSays(subject: String, place: [Int]?) {
    let mail = "From 0123 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.com>\nSubject: \(subject)\n\n[PATCH 5/6]\n"
    #expect(MailPlace(Array(mail.utf8)).map { [$0.number, $0.total, $0.reroll] } == place)
  }

  @Test func whatHasNoHeaderHasNone() {
    #expect(MailPlace(Array("diff --git a/a.c b/a.c\n".utf8)) == nil)
  }
}
