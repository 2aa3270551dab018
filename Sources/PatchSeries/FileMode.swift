/// The kind of a tree entry, with the number git stores for it.
public enum FileMode: Int32, Hashable, Sendable, Codable, CaseIterable {
  case directory = 0o040000
  case regular = 0o100644
  case executable = 0o100755
  case symlink = 0o120000
  case submodule = 0o160000

  /// The mode for an octal number as patches write it ("100644"), or nil for one git never writes.
  public init?(octal: some StringProtocol) {
    guard let number = Int32(octal, radix: 8) else { return nil }
    self.init(rawValue: number)
  }

  /// The mode for the number of a tree's record or a patch. Old tools wrote 100664 and the like, which git reads as one
  /// of its two modes for files.
  public init?(stored number: Int32) {
    if let mode = FileMode(rawValue: number) {
      self = mode
    } else if number & 0o170000 == 0o100000 {
      self = number & 0o100 == 0 ? .regular : .executable
    } else {
      return nil
    }
  }

  /// Six octal digits, as patches write it.
  public var octal: String {
    let digits = String(rawValue, radix: 8)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// Regular and executable files are the same kind of thing; a symlink or a submodule is another.
  public var isFile: Bool {
    self == .regular || self == .executable
  }
}
