import Diagnostics
import Verification

/// A made-up report on a long series that falls in the middle, with everything that a page can show.
enum LongSeries {
  private static let count = 100
  private static let lanes = ["x86_64", "arm64", "arm", "powerpc", "s390", "ppc-corenet32"]
  private static let bad = 50
  private static let fix = 53

  /// The file that falls, as the bad commit leaves it.
  static let user = Array(
    """
    // SPDX-License-Identifier: GPL-2.0
    #include <linux/frob.h>

    int gizmo_start(struct gizmo *g)
    {
    \tif (!g->frob)
    \t\treturn -ENODEV;

    \treturn frob_attach(g->frob, g->dev, GIZMO_FLAGS & ~GIZMO_LATE);
    }
    EXPORT_SYMBOL_GPL(gizmo_start);

    """.utf8)

  static let report = VerifyReport(
    verdict: .falls, base: .init(rev: String(repeating: "1a2b", count: 10), tree: String(repeating: "3c4d", count: 10)),
    firstBad: FirstBad(
      index: bad, check: .compile, lane: "x86_64",
      reason: "\(undeclared.place.map { "\($0): " } ?? "")\(undeclared.message); patch \(bad) removes a function that "
        + "drivers/gizmo/gizmo.c uses until patch \(fix): move patch \(bad) after it, or that hunk into patch \(bad)",
      fixedBy: fix),
    coverage: .init(
      changedFiles: 212, neverCompiled: ["drivers/gizmo/gizmo-mips.c"],
      unchecked: [
        .init(file: "drivers/gizmo/gizmo-mips.c", why: "no lane compiles it", needs: "a lane with MACH_GIZMO=y"),
        .init(
          file: "tools/gizmo/gizmo.c", why: "nothing builds it", accepted: "Built with make -C tools/gizmo."),
      ],
      exempt: [.init(file: "CREDITS", why: "it is text")]),
    commits: (1...count).map(commit))

  private static let undeclared = Finding(
    at: Place("drivers/gizmo/gizmo.c", line: 9, column: 9),
    "call to undeclared function 'frob_attach'; ISO C99 and later do not support implicit function declarations "
      + "[-Wimplicit-function-declaration]",
    notes: ["drivers/gizmo/gizmo.c:9:9: note: did you mean 'frob_detach'?"])

  private static func commit(_ index: Int) -> CommitReport {
    let falls = (bad..<fix).contains(index)
    var checks = [
      CheckReport(name: .apply, verdict: .pass, seconds: 0.1),
      CheckReport(name: .structure, verdict: .pass, seconds: Double(index % 7) / 10),
    ]
    for (number, lane) in lanes.enumerated() {
      let units = (index * 13 + number * 5) % 23
      let falls = falls && number < 4
      checks.append(
        CheckReport(
          name: .compile, lane: lane, verdict: falls ? .fail : .pass, units: units, cached: units / 2,
          seconds: Double(units * units * (number + 1)) / 11 + (index == 31 ? 240 : 0),
          findings: falls ? [.init(undeclared)] : []))
    }
    checks += lanes.map { CheckReport(name: .link, lane: $0, verdict: .pass, units: index % 3, seconds: 0.4) }
    var style = CheckReport(name: .style, verdict: .pass, seconds: 0.9)
    if index % 10 == 4 {
      var finding = ReportedFinding(
        Finding(.warning, at: Place("include/linux/frob.h", line: index), "line length of 103 exceeds 100 columns"))
      finding.accepted = "The table reads better so."
      style.findings = [finding]
    }
    checks.append(style)
    if index == 71 {
      checks.append(
        CheckReport(
          name: .documentation, verdict: .skipped,
          findings: [.init(Finding(.warning, at: Place("tools/gizmo/gizmo.c"), "nothing builds it"))]))
    }
    return CommitReport(
      index: index, subject: "gizmo: \(subjects[index % subjects.count]), part \(index)",
      tree: String(repeating: "5e6f", count: 10),
      verdict: falls ? .falls : index == 71 ? .incomplete : .stands, checks: checks)
  }

  private static let subjects = [
    "use frob_bind()", "drivers of the second generation: take the length of an entry from its descriptor",
    "drop an unused member", "convert to the new operation and remove what only the old one needed",
  ]

  /// The diff of each commit, of so many lines.
  static func diffs(lines: Int) -> [String] {
    (1...count).map { index in
      switch index {
      case bad:
        """
        diff --git a/include/linux/frob.h b/include/linux/frob.h
        index 1111111..2222222 100644
        --- a/include/linux/frob.h
        +++ b/include/linux/frob.h
        @@ -12,7 +12,7 @@ struct frob {
         \tunsigned long flags;
         };
         
        -int frob_attach(struct frob *frob, struct device *dev, u32 flags);
        +int frob_bind(struct frob *frob, struct device *dev, u32 flags);
         void frob_detach(struct frob *frob, struct device *dev);
         
         #endif

        """
      case fix:
        """
        diff --git a/drivers/gizmo/gizmo.c b/drivers/gizmo/gizmo.c
        index 3333333..4444444 100644
        --- a/drivers/gizmo/gizmo.c
        +++ b/drivers/gizmo/gizmo.c
        @@ -6,6 +6,6 @@ int gizmo_start(struct gizmo *g)
         \tif (!g->frob)
         \t\treturn -ENODEV;
         
        -\treturn frob_attach(g->frob, g->dev, GIZMO_FLAGS & ~GIZMO_LATE);
        +\treturn frob_bind(g->frob, g->dev, GIZMO_FLAGS & ~GIZMO_LATE);
         }
         EXPORT_SYMBOL_GPL(gizmo_start);

        """
      default:
        "diff --git a/drivers/gizmo/part\(index).c b/drivers/gizmo/part\(index).c\nindex 5555555..6666666 100644\n"
          + "--- a/drivers/gizmo/part\(index).c\n+++ b/drivers/gizmo/part\(index).c\n"
          + "@@ -1,\(lines) +1,\(lines) @@ static int part(struct gizmo *g)\n"
          + (0..<lines).map { line in
            "\([" ", "-", "+", " "][line / 2 % 4])\tg->regs[\(line)] = frob_read(g, &g->part[\(index)]) & 0xff;\n"
          }.joined()
      }
    }
  }
}
