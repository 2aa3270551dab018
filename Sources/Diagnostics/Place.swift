/// A position in a file, as compilers print it: `file:line:column`.
public struct Place: Hashable, Sendable, Codable {
  /// The path to print: of a file in the tree, or of an input as the user named it.
  public var file: String
  /// One-based; nil for the whole file.
  public var line: Int?
  /// One-based, in bytes from the start of the line; not printed without a line.
  public var column: Int?

  /// A place in a file, or the whole file.
  public init(_ file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Place: CustomStringConvertible {
  /// The place as `file`, `file:line` or `file:line:column`.
  public var description: String {
    [file, line.map(String.init), line == nil ? nil : column.map(String.init)]
      .compactMap { $0 }.joined(separator: ":")
  }
}
