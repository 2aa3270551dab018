/// A position in a file, as compilers print it: `file:line:column`.
public struct Place: Hashable, Sendable, Codable {
  public var file: String
  /// One-based; nil when the finding is about the whole file.
  public var line: Int?
  /// One-based, in bytes from the start of the line.
  public var column: Int?

  public init(_ file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Place: CustomStringConvertible {
  public var description: String {
    [file, line.map(String.init), line == nil ? nil : column.map(String.init)]
      .compactMap { $0 }.joined(separator: ":")
  }
}
