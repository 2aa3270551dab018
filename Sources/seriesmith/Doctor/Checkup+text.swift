import Diagnostics
import Processes
import Proving

extension Checkup {
  /// The report for people: a row per package, the machine, and what to install.
  func text(_ printer: Printer) -> String {
    let rows = packages.map { package in
      [
        package.name, package.missing.isEmpty ? package.version ?? "" : "missing", Self.needs(of: package),
        package.purpose,
      ]
    }
    let table = zip(packages, Columns.aligned(rows).split(separator: "\n")).map { package, row in
      Self.mark(package.missing.isEmpty, needed: package.isLacking, printer) + " " + row + "\n"
    }
    return table.joined() + "\n" + machine(printer) + "\n" + conclusion(printer)
  }

  private func machine(_ printer: Printer) -> String {
    let (free, needed) = (CacheCommand.size(cache.free), CacheCommand.size(cache.needed))
    let size = cache.size.map { CacheCommand.size($0) + ", " } ?? ""
    let state = cache.writable ? "can be written" : "cannot be written: name another folder with SERIESMITH_CACHE"
    let room = cache.hasRoom ? "" : ": free some, or name a folder on another disk with SERIESMITH_CACHE"
    var lines = [
      (cache.writable, "cache \(cache.path): \(size)\(state)", needed: true),
      (cache.hasRoom, "disk: \(free) free; a first run of everything needs \(needed)\(room)", needed: true),
    ]
    if let kvm { lines.append((kvm == .works, "KVM \(kvm.explanation)", needed: false)) }
    return lines.map { Self.mark($0.0, needed: $0.needed, printer) + " " + $0.1 + "\n" }.joined()
  }

  private func conclusion(_ printer: Printer) -> String {
    let needed = packages.filter(\.isLacking).map(\.name)
    let optional = packages.filter { !$0.missing.isEmpty && !$0.isLacking }.map(\.name)
    var text =
      printer.style(
        verdict == .ready ? "Nothing required is missing." : "Something required is missing.",
        verdict == .ready ? "1;32" : "1;31") + "\n"
    for line in DebianPackage.advice(installing: needed) { text += "    \(line)\n" }
    for line in DebianPackage.advice(installing: optional) { text += "Optional: \(line)\n" }
    return text
  }

  private static func needs(of package: Package) -> String {
    (package.neededBy.map(\.title) + package.optionalFor.map { "\($0.title) (optional)" }).joined(separator: ", ")
  }

  private static func mark(_ isThere: Bool, needed: Bool, _ printer: Printer) -> String {
    if isThere { return printer.style("✓", "32") }
    return needed ? printer.style("✗", "1;31") : "–"
  }
}

extension Virtualisation {
  fileprivate var explanation: String {
    let fallback = "prove emulates a processor, which is slower"
    return switch self {
    case .works: "works"
    case .absent: "is not available: \(fallback)"
    case .denied: "is not accessible to you: \(fallback); /dev/kvm belongs to the group kvm"
    case .fails: "is available, but no virtual machine starts with it: \(fallback)"
    }
  }
}
