import Diagnostics
import Generation
import Testing

/// Drafts of descriptions for new drivers.
@Suite struct DraftTests {
  private func series() -> SmallSeries {
    var series = SmallSeries()
    for (name, parameters, draft) in [
      ("delegates", "{callback: text, through: text}", "{struct: ops, callback: callback, through: receiver}"),
      (
        "own", "{callback: text, leaves: list}",
        "{struct: ops, callback: callback, leaves: {each: result, length: 'leaf N: how much the entry maps'}}"
      ),
    ] {
      series.files["kinds/\(name).yaml"] =
        "kind: \(name)\nabout: \(name)\nparameters: \(parameters)\ndraft: \(draft)\nsteps: []\n"
    }
    return series
  }

  private func draft(_ body: String, table: String = ".get = new_get") throws -> Draft {
    var tree = SmallTree.kernel
    tree.files["new.c"] = """
      static int new_get(int x)
      {
      \(body)
      }

      static const struct ops new_ops = {
      	\(table),
      };

      """
    return try series().load { try Draft(of: "new.c", for: $0, on: tree) }
  }

  @Test func aDriverThatHandsTheLookUpOnIsDraftedWholly() throws {
    let draft = try draft("\treturn below->ops->get(x);")
    #expect(
      draft.description == """
        file: new.c
        kind: delegates
        patch: !blank 'one of add, drivers, users, remove'
        callback: new_get
        through: below->ops

        """)
    #expect(draft.record == "static int new_get(int x)\n{\n\treturn below->ops->get(x);\n}\n")
  }

  /// The patch follows other drivers of the kind, and the title follows the path.
  @Test func whatTheSourceDoesNotTellIsAsUsual() throws {
    var series = series()
    series.files["kinds/delegates.yaml"] = """
      kind: delegates
      about: delegates
      parameters: {title: text, callback: text}
      draft: {struct: ops, title: title, callback: callback}
      steps: []

      """
    for (name, patch) in [("a", "users"), ("b", "drivers"), ("c", "drivers")] {
      series.files["drivers/\(name).yaml"] =
        "file: \(name).c\nkind: delegates\npatch: \(patch)\ntitle: \(name)\ncallback: \(name)_get\n"
    }
    var tree = SmallTree.kernel
    for (path, title) in [
      ("drivers/iommu/new-iommu.c", "iommu/new"), ("drivers/iommu/arm/new_iommu.c", "iommu/new"),
      ("drivers/iommu/new-smmu.c", "iommu/new-smmu"), ("new.c", "new.c"),
    ] {
      tree.files[path] = "static int new_get(int x)\n{\n\treturn 0;\n}\n\nstruct ops o = { .get = new_get };\n"
      #expect(
        try series.load { try Draft(of: path, for: $0, on: tree) }.description
          == "file: \(path)\nkind: delegates\npatch: drivers\ncallback: new_get\ntitle: \(title)\n")
    }
  }

  @Test func aWalkersLeavesAreFoundAndTheirLengthsLeftBlank() throws {
    let draft = try draft(
      """
      	int y = 0, ret;

      	ret = -EINVAL;
      	if (!valid(x))
      		return 0;
      	if (section(x))
      		y = section_address(x);
      	else if (large(x))
      		y = large_address(x);
      	else
      		y = small_address(x);
      	if (special(x)) {
      		y = 'a' + x;
      	}
      	if (direct(x)) {
      		return x + 1;
      	}

      	return y;
      """)
    #expect(
      draft.description == """
        file: new.c
        kind: own
        patch: !blank 'one of add, drivers, users, remove'
        callback: new_get
        leaves:
          - {when: 'section(x)', length: !blank 'leaf 1: how much the entry maps'}
          - {when: 'large(x)', length: !blank 'leaf 2: how much the entry maps'}
          - {otherwise: 'large(x)', length: !blank 'leaf 3: how much the entry maps'}
          - {after: 'y = ''a'' + x;', length: !blank 'leaf 4: how much the entry maps'}
          - {before: 'return x + 1;', length: !blank 'leaf 5: how much the entry maps'}

        """)
  }

  @Test func aDraftIsRefusedUntilItsBlanksAreFilled() throws {
    var tree = SmallTree.kernel
    tree.files["new.c"] = "static int new_get(int x)\n{\n\treturn x + 1;\n}\n\nstruct ops o = { .get = new_get };\n"
    var series = series()
    let draft = try series.load { try Draft(of: "new.c", for: $0, on: tree) }
    series.files["expect/new.c"] = draft.record
    series.files["drivers/new.yaml"] = draft.description
    #expect(
      try series.report(on: tree) == """
        drivers/new.yaml:3:8: error: is still blank: one of add, drivers, users, remove
        drivers/new.yaml:6:39: error: is still blank: leaf 1: how much the entry maps

        """)
    series.files["drivers/new.yaml"] = draft.description
      .replacing("!blank 'one of add, drivers, users, remove'", with: "drivers")
      .replacing("!blank 'leaf 1: how much the entry maps'", with: "'1'")
    #expect(!(try series.report(on: tree).contains("blank")))
  }

  @Test func whatNeedsNoDescriptionOrCannotBeDraftedIsSaid() throws {
    func message(_ body: () throws -> Draft) -> String {
      do {
        return try body().description
      } catch let failure as Failure {
        return Printer(color: false).text(failure.findings)
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { try draft("\treturn x + 1;", table: "OPS(new)") } == """
        new.c: error: has no table that sets the old op by itself
            a table that sets it by a macro needs no description: the macro does

        """)
    #expect(
      message { try draft("\treturn 0;") } == """
        new.c:6:14: error: no kind is known to fit the struct ops 'new_ops'
            describe it in drivers/ by hand

        """)
    #expect(
      message { try series().load { try Draft(of: "driver.c", for: $0, on: SmallTree.kernel) } }
        == "drivers/driver.yaml:1:1: error: already describes driver.c\n")
    #expect(
      message { try series().load { try Draft(of: "no.c", for: $0, on: SmallTree.kernel) } }
        == "seriesmith: error: the tree has no no.c\n")
  }
}
