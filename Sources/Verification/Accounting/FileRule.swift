import Glibc

/// What accounts for the changed files of a kind when no check of a run has looked at them.
///
/// The first rule that matches a path counts. A file that no rule exempts makes the verdict incomplete.
struct FileRule: Sendable {
  enum Answer: Sendable {
    /// Nothing has to look at the file, for this reason.
    case exempt(String)
    /// What would look at the file; nil when nothing is known to.
    case unchecked(needs: String?)
  }

  /// The check that the file belongs to.
  let check: CheckName
  /// Patterns of `fnmatch`, in which `*` matches slashes as well.
  let patterns: [String]
  let answer: Answer

  /// The rule for a path of the tree.
  static func of(_ path: String) -> Self {
    all.first { rule in rule.patterns.contains { fnmatch($0, path, 0) == 0 } }
      ?? Self(check: .compile, patterns: [], answer: .unchecked(needs: nil))
  }

  private static func exempt(_ reason: String, _ patterns: String...) -> Self {
    Self(check: .structure, patterns: patterns, answer: .exempt(reason))
  }

  private static func unchecked(_ check: CheckName, needs: String?, _ patterns: String...) -> Self {
    Self(check: check, patterns: patterns, answer: .unchecked(needs: needs))
  }

  private static let all: [Self] = [
    exempt("only git reads it", ".gitignore", "*/.gitignore", ".gitattributes", "*/.gitattributes", ".mailmap"),
    exempt(
      "only an editor, a formatter or a linter reads it", ".clang-format", "*/.clang-format", ".editorconfig",
      ".rustfmt.toml", ".clippy.toml", ".pylintrc", ".cocciconfig", ".get_maintainer.ignore", "*/.yamllint"),
    exempt("it is text for people that nothing processes", "CREDITS", "COPYING", "LICENSES/*", "README"),
    unchecked(.devicetree, needs: "make dt_binding_check", "Documentation/devicetree/bindings/*.yaml"),
    unchecked(.documentation, needs: "make htmldocs", "Documentation/*"),
    unchecked(
      .devicetree, needs: "make dtbs for its architecture", "*.dts", "*.dtsi", "*.dtso", "include/dt-bindings/*",
      "scripts/dtc/include-prefixes/*"),
    unchecked(.rust, needs: "a build with CONFIG_RUST=y", "*.rs", "rust/*"),
    unchecked(.userspace, needs: "a build that reads it", "tools/*"),
    unchecked(.compile, needs: "make with it as the target", "*defconfig", "kernel/configs/*", "arch/*/configs/*"),
    unchecked(
      .compile, needs: "a build that runs it", "scripts/*", "certs/*", "usr/*", "*.pl", "*.py", "*.sh", "*.awk"),
  ]
}
