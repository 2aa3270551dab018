/// A file that preparing a lane generated from the source tree: a header from kernel/bounds.c, a system call table, a
/// host program.
public struct Generator: Sendable, Hashable, Codable {
  /// The generated file, as a path in the build folder: "kernel/bounds.s".
  public var product: String
  /// The compiled source, as a path in the tree; nil when a script made the product.
  public var source: String?
  /// The files of the tree that the product depends on, including the source, as sorted paths in the tree.
  public var dependencies: [String]

  /// Assembles a generator from its parts.
  public init(product: String, source: String?, dependencies: [String]) {
    self.product = product
    self.source = source
    self.dependencies = dependencies
  }
}
