import Testing

/// What has the op's name but belongs to another struct is no matter; what cannot be told is listed until it is settled.
@Suite struct TypedCoverageTests {
  private static let clock = """
    #include "clock.h"
    static const struct clock_ops clock_ops = {
    	.get = clock_get,
    };

    int read(struct clock *clock)
    {
    	clock->ops.get = clock_get;
    	return clock->ops.get(1);
    }

    int guess(void)
    {
    	return current_thing()->get(2);
    }

    """

  private func report(exempt: String? = nil) throws -> String {
    var tree = SmallTree.kernel
    tree.files["clock.h"] = """
      struct clock_ops { int (*get)(int x); };
      struct clock { struct clock_ops ops; };

      """
    tree.files["clock.c"] = Self.clock
    var series = SmallSeries()
    if let exempt { series.files["series.yaml"]?.append("exempt:\n  - \(exempt)\n") }
    return try series.report(on: tree)
  }

  private static let undecided = """
    clock.c:14:26: error: cannot tell to which struct the member in 'current_thing()->get' belongs in guess()
        if it is one of the op's, describe it; else say under 'exempt' in series.yaml whose it is:
        - {file: clock.c, function: guess, reason: …}

    """

  @Test func onlyWhatCannotBeToldIsReported() throws {
    #expect(try report() == Self.undecided)
  }

  @Test(arguments: [
    "{file: clock.c, reason: a clock}", "{function: guess, reason: a clock}",
    "{call: current_thing()->get, reason: a clock}", "{file: clock.c, function: guess, reason: a clock}",
  ])
  func anExemptionSettlesIt(exempt: String) throws {
    #expect(try report(exempt: exempt) == "")
  }

  @Test(arguments: [
    "{file: user.c, reason: another file}", "{file: clock.c, function: read, reason: another function}",
    "{call: thing->get, reason: another call}", "{struct: clock_ops, reason: tables only}",
  ])
  func anotherPlaceStaysUndecided(exempt: String) throws {
    #expect(try report(exempt: exempt) == Self.undecided)
  }

  @Test func anEntryIsForTablesOrForPlaces() throws {
    #expect(
      try report(exempt: "{struct: ops, file: clock.c, reason: both}") == """
        series.yaml:12:5: error: an entry of 'exempt' has 'struct' for tables or 'file' for places, not both
            write two entries

        """)
  }
}
