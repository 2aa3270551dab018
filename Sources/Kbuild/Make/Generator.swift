/// What preparing a lane made of files of the source tree: a header from kernel/bounds.c, a table from a list of system
/// calls, a program of the host.
public struct Generator: Sendable, Hashable, Codable {
  /// What was made, as a path in the build folder: "kernel/bounds.s".
  public var product: String
  /// The source that was compiled, as a path in the tree; nil where a script made the product.
  public var source: String?
  /// The files of the tree it came from, sorted, the source among them.
  public var dependencies: [String]

  public init(product: String, source: String?, dependencies: [String]) {
    self.product = product
    self.source = source
    self.dependencies = dependencies
  }
}
