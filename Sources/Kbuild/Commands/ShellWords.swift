/// A command line as the shell would split it, for the plain lines Kbuild saves: words, quotes and separators.
enum ShellWords {
  /// The commands of `line`, each as its words, split at ";", "&&", "||", "|" and "&".
  static func commands(_ line: some StringProtocol) -> [[String]] {
    var commands: [[String]] = []
    var words: [String] = []
    var word: [UInt8]?
    var quote: UInt8?
    var bytes = Array(line.utf8)[...]

    func endWord() {
      if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
      word = nil
    }
    while let byte = bytes.popFirst() {
      switch (byte, quote) {
      case (UInt8(ascii: "'"), UInt8(ascii: "'")), (UInt8(ascii: "\""), UInt8(ascii: "\"")):
        quote = nil
      case (UInt8(ascii: "'"), nil), (UInt8(ascii: "\""), nil):
        quote = byte
        word = word ?? []
      case (UInt8(ascii: "\\"), nil), (UInt8(ascii: "\\"), UInt8(ascii: "\"")):
        // Between double quotes a backslash quotes only these; elsewhere it quotes anything.
        if let next = bytes.first, quote == nil || "\"\\$`".utf8.contains(next) {
          word = (word ?? []) + [next]
          bytes.removeFirst()
        } else {
          word = (word ?? []) + [byte]
        }
      case (UInt8(ascii: " "), nil), (UInt8(ascii: "\t"), nil), (UInt8(ascii: "\n"), nil):
        endWord()
      case (UInt8(ascii: ";"), nil), (UInt8(ascii: "&"), nil), (UInt8(ascii: "|"), nil):
        endWord()
        if !words.isEmpty { commands.append(words) }
        words = []
      default:
        word = (word ?? []) + [byte]
      }
    }
    endWord()
    if !words.isEmpty { commands.append(words) }
    return commands
  }
}
