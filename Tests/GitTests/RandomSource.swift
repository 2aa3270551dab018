import GitBinary

/// C-like texts with few distinct lines, so that a diff is ambiguous.
enum RandomSource {
  private static let lines = [
    "\n", "\n", "{\n", "}\n", "}\n", "\treturn 0;\n", "\tint ret;\n", "\tif (ret)\n", "\t\tgoto out;\n", "out:\n",
    "static int f(void)\n", "static void g(int x)\n", "#ifdef CONFIG_A\n", "#endif\n", "\t/* comment */\n", "\t}\n",
    "struct s {\n", "};\n", "\tx = y;\n",
  ]

  static func text(_ random: inout SplitMix) -> [String] {
    (0..<Int.random(in: 0...120, using: &random)).map { _ in line(&random) }
  }

  static func edit(_ text: inout [String], _ random: inout SplitMix) {
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0...text.count, using: &random)
      let count = min(text.count - at, Int.random(in: 0...4, using: &random))
      text.replaceSubrange(
        at..<at + count, with: (0..<Int.random(in: 0...5, using: &random)).map { _ in line(&random) })
    }
    if Int.random(in: 0..<8, using: &random) == 0, let last = text.last, last.count > 1 {
      text[text.count - 1] = String(last.dropLast())
    }
  }

  private static func line(_ random: inout SplitMix) -> String {
    lines.randomElement(using: &random) ?? "\n"
  }
}
