/// A small generator of numbers, the same for the same seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Texts that look like C, of few different lines, so that a diff has choices to make.
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
