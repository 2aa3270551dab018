public import Diagnostics
import Processes

extension KernelScripts {
  /// The maintainers and lists that the tree's `scripts/get_maintainer.pl` names for a patch, in its order: people first.
  ///
  /// The script reads only `MAINTAINERS`: finding whoever else touched a file needs a history.
  ///
  /// - Throws: `Failure(.unavailable)` when perl is missing or the script fails.
  public func maintainers(of patch: [UInt8]) async throws(Failure) -> [Maintainer] {
    let script = "scripts/get_maintainer.pl"
    try Self.require("perl", for: script)
    let command = Command(
      "perl", ["\(source.path)/\(script)", "--nogit", "--nogit-fallback", "--norolestats", "--roles"],
      environment: Self.environment(home: "/nonexistent"), clearEnvironment: true, directory: source.path, input: patch)
    let outcome = try await requireSuccess(command, to: "find the maintainers with \(script)")
    return outcome.text.split(separator: "\n").compactMap { Maintainer(String($0)) }
  }
}

/// A person or list that the kernel's `MAINTAINERS` names.
public struct Maintainer: Hashable, Sendable {
  /// The part that the person or list has in a subsystem. A supporter, too, is a maintainer.
  public enum Role: Sendable {
    case maintainer, reviewer, list
  }

  /// The address as in a mail's header: `Name <address>`, or a list's bare address.
  public var address: String
  /// The highest role that the person has in any subsystem of the patch.
  public var role: Role

  /// Pairs an address with a role.
  public init(address: String, role: Role) {
    self.address = address
    self.role = role
  }

  /// Reads a line of `get_maintainer.pl --roles`: `Name <address> (reviewer:SUBSYSTEM,maintainer:OTHER)`.
  init?(_ line: String) {
    guard let match = line.wholeMatch(of: #/(.*?\S@\S+) \((.*)\)/#) else { return nil }
    address = String(match.1)
    // A list's role may have a word before it: "moderated list". A maintainer may be a reviewer as well.
    let isList = match.2.prefix { $0 != ":" }.hasSuffix("list")
    let isReviewer = match.2.hasPrefix("reviewer:") && !match.2.contains(#/,(maintainer|supporter):/#)
    role = isList ? .list : isReviewer ? .reviewer : .maintainer
  }
}
