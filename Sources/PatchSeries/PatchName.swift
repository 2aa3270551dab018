/// The names `git format-patch` gives its files.
public enum PatchName {
  /// `FORMAT_PATCH_NAME_MAX`: the longest name, with the byte that ends a C string.
  private static let limit = 64

  /// `0001-iommu-add-a-callback.patch`, or `v2-0001-…` for a reroll.
  public static func patch(_ number: Int, subject: String, reroll: Int = 1) -> String {
    let prefix = (reroll > 1 ? "v\(reroll)-" : "") + padded(number, to: 4) + "-"
    let suffix = ".patch"
    let name = Array(prefix.utf8) + slug(subject)
    return name.prefix(limit - suffix.utf8.count - 1).text + suffix
  }

  /// `0000-cover-letter.patch`.
  public static func cover(reroll: Int = 1) -> String {
    patch(0, subject: "cover-letter", reroll: reroll)
  }

  /// The subject with every run of other characters than letters, digits, `.` and `_` made one dash.
  private static func slug(_ subject: String) -> [UInt8] {
    var slug: [UInt8] = []
    var dash = false
    for byte in subject.utf8 {
      guard byte.isAlphanumeric || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") else {
        dash = true
        continue
      }
      if dash, !slug.isEmpty { slug.append(UInt8(ascii: "-")) }
      // Two dots in a row would name a range of revisions.
      if byte != UInt8(ascii: ".") || dash || slug.last != byte { slug.append(byte) }
      dash = false
    }
    while let last = slug.last, last == UInt8(ascii: ".") || last == UInt8(ascii: "-") { slug.removeLast() }
    return slug
  }
}
