import Kbuild

/// Recognises old warnings under a new name: when a patch renames a function, a checker repeats what it said before.
enum RenamedWarnings {
  /// Drops from `new` each warning that one of `gone` becomes when one name is replaced by a name new to the file. Each
  /// of `gone` excuses one warning.
  static func removed(
    from new: [Diagnostic], gone: [Diagnostic], isNewName: (_ path: String, _ name: String) -> Bool
  ) -> [Diagnostic] {
    var left = gone
    return new.filter { diagnostic in
      let match = left.firstIndex { earlier in
        guard earlier.file == diagnostic.file, earlier.severity == diagnostic.severity, let path = diagnostic.file,
          let name = replacement(from: earlier.message, to: diagnostic.message)
        else { return false }
        return isNewName(path, name)
      }
      if let match { left.remove(at: match) }
      return match == nil
    }
  }

  /// The one name by which `other` differs from `message`; nil when they differ in anything else.
  private static func replacement(from message: String, to other: String) -> String? {
    let (words, others) = (words(message), words(other))
    guard words.count == others.count else { return nil }
    let differing = Set(zip(words, others).filter { $0 != $1 }.map { [$0, $1] })
    guard differing.count == 1, let name = differing.first?.last, name.first?.isLetter == true || name.first == "_"
    else {
      return nil
    }
    return String(name)
  }

  /// Splits a text into names and what stands between them.
  private static func words(_ text: String) -> [Substring] {
    var words: [Substring] = []
    var rest = text[...]
    while let first = rest.first {
      func isName(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
      let word = rest.prefix { isName($0) == isName(first) }
      words.append(word)
      rest = rest[word.endIndex...]
    }
    return words
  }
}
