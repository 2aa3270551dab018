public import Diagnostics
import Processes

extension KernelScripts {
  /// Whom the tree's `scripts/get_maintainer.pl` names for a patch, in its order: people first.
  ///
  /// Only `MAINTAINERS` is asked: whoever happened to touch a file is not, since that needs a history.
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

/// Someone whom the kernel's `MAINTAINERS` names.
public struct Maintainer: Hashable, Sendable {
  public enum Role: Sendable {
    case maintainer, reviewer, list
  }

  /// As a mail's header has it: `Name <address>`, or a list's bare address.
  public var address: String
  public var role: Role

  public init(address: String, role: Role) {
    self.address = address
    self.role = role
  }

  /// Reads a line of `get_maintainer.pl --roles`: `Name <address> (reviewer:SUBSYSTEM,maintainer:OTHER)`.
  init?(_ line: String) {
    guard let match = line.wholeMatch(of: #/(.*?\S@\S+) \((.*)\)/#) else { return nil }
    address = String(match.1)
    // A list's role has a word before: "moderated list". Someone who is more than a reviewer may be one as well.
    let isList = match.2.prefix { $0 != ":" }.hasSuffix("list")
    let isReviewer = match.2.hasPrefix("reviewer:") && !match.2.contains(#/,(maintainer|supporter):/#)
    role = isList ? .list : isReviewer ? .reviewer : .maintainer
  }
}
