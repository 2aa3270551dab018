import CSource
public import Descriptions
public import Diagnostics

/// A draft of the description of a new driver, as complete as its source allows.
public struct Draft: Sendable {
  /// The description's YAML, with blanks for what the source does not tell.
  public var description: String
  /// The callback as the tree has it, for `expect/`.
  public var record: String

  /// Drafts the description of the file at `path`.
  ///
  /// - Throws: status 1 if the file needs no description or no kind is known to fit; status 65 if the tree has no such
  ///   file.
  public init(
    of path: String, for series: SeriesDescription, on tree: some KernelTree
  ) throws(Failure) {
    if let known = series.files.first(where: { $0.file == path }) {
      throw Failure(.falls, at: known.place, "already describes \(path)")
    }
    guard let bytes = try tree.contents(of: path) else { throw Failure(.input, "the tree has no \(path)") }
    let source = SourceFile(path: path, bytes: bytes)
    let inventory = source.inventory(
      structures: Set(series.ops.map(\.structure)), members: Set(series.ops.map(\.old)))
    guard let (table, callback) = Self.table(inventory, series) else {
      throw Failure(
        .falls, at: Place(path), "has no table that sets the old op by itself",
        notes: ["a table that sets it by a macro needs no description: the macro does"])
    }
    // Every callback computes a result somewhere, so kinds that are drafted from results fit any driver and come last.
    let kinds = series.kinds.values.sorted {
      ($0.isDraftedFromResults ? 1 : 0, $0.name) < ($1.isDraftedFromResults ? 1 : 0, $1.name)
    }
    for kind in kinds where kind.drafting?.structure == table.structure {
      guard let parameters = Self.parameters(kind, callback, inventory, source) else { continue }
      let patch =
        Self.usualPatch(of: kind, series) ?? Blank.yaml("one of \(series.patches.map(\.id).joined(separator: ", "))")
      description =
        (["file: \(path)", "kind: \(kind.name)", "patch: \(patch)"] + parameters).joined(separator: "\n") + "\n"
      record = source.functionTexts(callback).joined() + "\n"
      return
    }
    throw Failure(
      .falls, at: table.place, "no kind is known to fit the struct \(table.structure) '\(table.name)'",
      notes: ["describe it in \(series.folder)/drivers/ by hand"])
  }

  private static func table(_ inventory: OpsInventory, _ series: SeriesDescription) -> (OpsTable, String)? {
    for table in inventory.tables {
      let entry = table.entries.first { entry in
        series.ops.contains { $0.structure == table.structure && $0.old == entry.member }
      }
      if let entry { return (table, entry.value) }
    }
    return nil
  }

  /// The patch of most drivers of the kind; nil if none is described.
  private static func usualPatch(of kind: KindDescription, _ series: SeriesDescription) -> String? {
    let patches = series.files.flatMap(\.forms).filter { $0.kind == kind.name }.compactMap(\.patch)
    let counts = Dictionary(grouping: patches) { $0 }.mapValues(\.count)
    return series.patches.map(\.id).filter { counts[$0] != nil }.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) }
  }

  /// The usual prefix of patch subjects for a file: "iommu/exynos" for drivers/iommu/exynos-iommu.c.
  private static func title(_ path: String) -> String {
    let parts = path.split(separator: "/").drop { $0 == "drivers" }
    guard let folder = parts.first, parts.count > 1, let file = parts.last else { return path }
    let stem = file.prefix { $0 != "." }
    let ending = stem.suffix(folder.count + 1)
    let isRepeated = stem.count > ending.count && ["-\(folder)", "_\(folder)"].contains(String(ending))
    return "\(folder)/\(isRepeated ? stem.dropLast(ending.count) : stem)"
  }

  /// The YAML lines of a kind's parameters; nil if the source does not give one of them.
  private static func parameters(
    _ kind: KindDescription, _ callback: String, _ inventory: OpsInventory, _ source: SourceFile
  ) -> [String]? {
    var lines: [String] = []
    for (name, from) in (kind.drafting?.parameters ?? [:]).sorted(by: { $0.key < $1.key }) {
      switch from {
      case .callback:
        lines.append("\(name): \(callback)")
      case .receiver:
        let receivers = Set(inventory.calls.filter { $0.function == callback }.map(\.receiver))
        guard let receiver = receivers.first, receivers.count == 1 else { return nil }
        lines.append("\(name): \(receiver)")
      case .title:
        lines.append("\(name): \(title(source.path))")
      case .results(let blanks):
        guard let anchors = try? source.results(of: callback), !anchors.isEmpty else { return nil }
        lines.append("\(name):")
        lines += anchors.enumerated().map { index, anchor in
          let values = [anchor.yaml] + blanks.map { "\($0.key): \(Blank.yaml($0.what.text(index + 1)))" }
          return "  - {\(values.joined(separator: ", "))}"
        }
      }
    }
    return lines
  }
}

extension KindDescription {
  fileprivate var isDraftedFromResults: Bool {
    drafting?.parameters.values.contains { if case .results = $0 { true } else { false } } == true
  }
}

extension StatementAnchor {
  fileprivate var yaml: String {
    switch self {
    case .when(let text): "when: \(text.quotedForYAML)"
    case .otherwise(let text): "otherwise: \(text.quotedForYAML)"
    case .after(let text): "after: \(text.quotedForYAML)"
    case .before(let text): "before: \(text.quotedForYAML)"
    }
  }
}
