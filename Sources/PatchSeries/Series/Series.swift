public import Diagnostics

/// The message that introduces a series, `[PATCH 0/m]`.
public struct CoverLetter: Hashable, Sendable {
  /// The subject without its `[PATCH 0/m]`.
  public var subject: String
  /// The text that the author wrote. The shortlog and diffstat below it are made from the patches.
  public var blurb: String
  /// The sender of the series, and the date.
  public var author: Signature

  /// A cover letter with this text.
  public init(subject: String, blurb: String, author: Signature) {
    self.subject = subject
    self.blurb = blurb
    self.author = author
  }
}

extension CoverLetter {
  /// A cover letter's file with another section added before the shortlog; nil if it has no shortlog.
  ///
  /// - Parameter patches: the patches that the shortlog lists.
  public static func adding(_ section: String, to file: [UInt8], of patches: [Patch]) -> [UInt8]? {
    file.firstRange(of: Array(Shortlog(patches).text.utf8)).map { shortlog in
      Array(file[..<shortlog.lowerBound]) + Array("\(section)\n".utf8) + Array(file[shortlog.lowerBound...])
    }
  }
}

/// A series of patches, in the order in which they are applied.
public struct Series: Hashable, Sendable {
  /// The patches, first to last.
  public var patches: [Patch]
  /// The cover letter; nil if there is none.
  public var cover: CoverLetter?
  /// Warnings about messages that were left out, and about oddities in the rest.
  public var warnings: [Finding]
  /// Whether it is one series as it was mailed, or patches without numbers, with none missing.
  public var isWhole = true

  /// A series of these patches.
  public init(patches: [Patch], cover: CoverLetter? = nil, warnings: [Finding] = []) {
    self.patches = patches
    self.cover = cover
    self.warnings = warnings
  }
}
