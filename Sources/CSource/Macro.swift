import Diagnostics

extension SourceFile {
  /// The `#define` of the macro called `name`.
  public func macro(_ name: String) throws(Mismatch) -> Directive {
    let found = directives.filter { $0.name == "define" && macroName($0) == name }
    guard let macro = found.first, found.count == 1 else {
      throw Mismatch(Place(path), found.isEmpty ? "does not define '\(name)'" : "defines '\(name)' several times")
    }
    return macro
  }

  /// The name that a `#define` defines; nil for other directives.
  public func macroName(_ directive: Directive) -> String? {
    let index = directive.tokens.lowerBound + 2
    guard directive.name == "define", directive.tokens.contains(index) else { return nil }
    return text(tokens[index])
  }
}
