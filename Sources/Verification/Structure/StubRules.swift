import Diagnostics

/// A header that has stubs for configurations without its functions must have one for each function.
///
/// Lanes miss the mistake, since most enable everything; another configuration then fails to compile. A declaration is
/// compared with its neighbours in the same branch of an `#if CONFIG_…`:
/// 1. An added prototype has a stub in the other branch if its neighbours have one.
/// 2. A stub takes and returns what the prototype does.
/// 3. A prototype and its stub are removed together.
struct StubRules {
  /// The problems that a change to a header introduces; nil stands for a missing file.
  static func findings(path: String, before: [UInt8]?, after: [UInt8]?) -> [Finding] {
    guard let after else { return [] }
    let old = before.map { StubPairs(StubHeader($0)) }
    let new = StubPairs(StubHeader(after))
    let found = missing(path, old, new) + different(path, old, new) + left(path, old, new)
    return found.sorted { ($0.place?.line ?? 0, $0.message) < ($1.place?.line ?? 0, $1.message) }
  }

  private static func missing(_ path: String, _ old: StubPairs?, _ new: StubPairs) -> [Finding] {
    new.lonely.compactMap { prototype in
      let place = Place(path, line: prototype.line)
      let absence = new.absence(of: prototype)
      if old?.stubs[prototype.name] != nil {
        return Finding(
          at: place, "\(prototype.name)() no longer has a stub for \(absence)",
          notes: ["its prototype is still there: keep the stub, or drop both"])
      }
      guard old?.hasBranchedPrototype(prototype.name) != true else { return nil }
      guard let neighbours = new.expectsStub(prototype) else { return nil }
      let names = neighbours.map { "\($0.name)()" }.joined(separator: " and ")
      return Finding(
        at: place, "\(prototype.name)() has no stub for \(absence)",
        notes: ["its neighbours \(names) have one: add a static inline in the other branch"])
    }
  }

  private static func different(_ path: String, _ old: StubPairs?, _ new: StubPairs) -> [Finding] {
    new.stubs.values.compactMap { pair in
      guard let difference = pair.difference else { return nil }
      if old?.stubs[pair.prototype.name]?.difference?.text == difference.text { return nil }
      return Finding(
        difference.severity, at: Place(path, line: pair.stub.line),
        "the stub of \(pair.prototype.name)() \(difference.text)",
        notes: ["its prototype is at line \(pair.prototype.line)"])
    }
  }

  private static func left(_ path: String, _ old: StubPairs?, _ new: StubPairs) -> [Finding] {
    guard let old else { return [] }
    return old.stubs.keys.compactMap { name in
      guard let stub = new.onlyDeclaration(of: name), stub.kind == .inline, new.isBranched(stub) else { return nil }
      return Finding(
        at: Place(path, line: stub.line), "the stub of \(name)() is left over: its prototype is gone",
        notes: ["drop the stub in the commit that drops the function"])
    }
  }
}
