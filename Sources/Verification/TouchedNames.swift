/// What a change to a header means to those who include it.
enum TouchedNames {
  /// The names whose declarations differ between two versions of a header; nil stands for a version that is not there.
  ///
  /// Comments and white space do not count. A changed `#include` may change everything below it, so it touches every
  /// name the header declares.
  static func between(_ before: [UInt8]?, _ after: [UInt8]?) -> Set<String> {
    let old = SourceOutline(before ?? [])
    let new = SourceOutline(after ?? [])
    let oldCounts = counts(old)
    let newCounts = counts(new)
    func differs(_ item: SourceOutline.Item) -> Bool { oldCounts[Key(item)] != newCounts[Key(item)] }
    let touched = (old.items + new.items).filter(differs)
    if touched.contains(where: { $0.kind == .include || $0.kind == .other }) { return old.names.union(new.names) }
    return Set(touched.flatMap(\.names))
  }

  private struct Key: Hashable {
    var kind: SourceOutline.Item.Kind
    var names: [String]
    var text: String

    init(_ item: SourceOutline.Item) {
      kind = item.kind
      names = item.names
      text = item.text
    }
  }

  private static func counts(_ outline: SourceOutline) -> [Key: Int] {
    outline.items.reduce(into: [:]) { $0[Key($1), default: 0] += 1 }
  }
}
