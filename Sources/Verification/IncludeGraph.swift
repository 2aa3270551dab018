/// Who includes whom with `#include "…"`, the other way round: from a header to its includers.
///
/// It is generous: a path that is not found beside the includer matches every header whose path ends with it, since an
/// `-I` may say so, and an `#include MACRO` may mean any header of the includer's folder.
struct IncludeGraph: Sendable {
  private let targets: [String: [IncludeScan.Target]]
  private let headers: Set<String>
  /// Header paths by their last component.
  private let byName: [Substring: [String]]

  init(targets: [String: [IncludeScan.Target]], headers: [String]) {
    self.targets = targets
    let included = headers.filter { $0.hasSuffix(".h") || $0.hasSuffix(".c") || $0.hasSuffix(".inc") }
    self.headers = Set(included)
    self.byName = Dictionary(grouping: included) { $0.lastComponent }
  }

  /// The files that reach any of `changed` through quoted includes, `changed` itself left out.
  ///
  /// - Parameter overlay: what the state has in place of the base's files.
  func includers(of changed: Set<String>, overlay: FileChanges = [:]) -> Set<String> {
    var targets = self.targets
    for (path, state) in overlay where SourceIndex.isKernelSource(path) {
      targets[path] = state.bytes.map { IncludeScan.targets(in: $0) } ?? []
    }
    // Only files that could mean a wanted header by its last component are resolved.
    var byName: [Substring: [String]] = [:]
    var computed: [Substring: [String]] = [:]
    for (path, list) in targets {
      for target in list {
        switch target {
        case .quoted(let name): byName[name.lastComponent, default: []].append(path)
        case .computed: computed[path.folder, default: []].append(path)
        }
      }
    }
    var reached: Set<String> = []
    var queue = Array(changed)
    while let header = queue.popLast() {
      var found: [String] = []
      for path in byName[header.lastComponent] ?? []
      where (targets[path] ?? []).contains(where: { means($0, in: path, header) }) {
        found.append(path)
      }
      if header.hasSuffix(".h") { found += computed[header.folder] ?? [] }
      for path in found where !changed.contains(path) && reached.insert(path).inserted { queue.append(path) }
    }
    return reached
  }

  private func means(_ target: IncludeScan.Target, in path: String, _ header: String) -> Bool {
    guard case .quoted(let name) = target else { return false }
    let beside = Self.normalized("\(path.folder)/\(name)")
    if beside == header { return true }
    if headers.contains(beside) { return false }
    let tail = name.split(separator: "/").filter { $0 != ".." && $0 != "." }.joined(separator: "/")
    return header == tail || header.hasSuffix("/\(tail)")
  }

  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }
}

extension IncludeGraph {
  /// One line a file: its path, then its targets, tabs between.
  var stored: [UInt8] {
    let lines = targets.sorted { $0.key < $1.key }.map { path, list in
      ([path] + list.map { target in if case .quoted(let name) = target { name } else { "*" } }).joined(separator: "\t")
    }
    return Array((lines + ["end"]).joined(separator: "\n").utf8)
  }

  init?(stored: [UInt8], headers: [String]) {
    var lines = String(decoding: stored, as: UTF8.self).split(separator: "\n")
    guard lines.popLast() == "end" else { return nil }
    var targets: [String: [IncludeScan.Target]] = [:]
    for line in lines {
      let parts = line.split(separator: "\t")
      guard let path = parts.first else { return nil }
      targets[String(path)] = parts.dropFirst().map { $0 == "*" ? .computed : .quoted(String($0)) }
    }
    self.init(targets: targets, headers: headers)
  }
}

extension String {
  /// What follows the last slash.
  var lastComponent: Substring { lastIndex(of: "/").map { self[index(after: $0)...] } ?? self[...] }

  /// What precedes the last slash, without it.
  var folder: Substring { lastIndex(of: "/").map { self[..<$0] } ?? "" }
}
