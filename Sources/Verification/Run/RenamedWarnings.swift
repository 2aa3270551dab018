import Kbuild

/// Warnings that a patch does not add but carries on under a new name: of a function that it renames, a checker says the
/// same as before.
enum RenamedWarnings {
  /// `new` without those that one of `gone` turns into when one name is replaced by one that the file did not have.
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

  /// The one name that stands in `other` wherever `message` has another one; nil where they differ in more.
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

  /// The text, taken apart into names and what stands between them.
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
