import Diagnostics
import Yams

/// Reads the `counters` of `prove.yaml`.
enum CounterLoader {
  private static let keys = [
    "name", "line", "title", "table", "unit", "activity", "note", "suite", "of", "bound", "slack", "doubled", "besides",
  ]
  /// The JSON report's own keys, and those of its entries for a counter: no counter, suite or number may use them.
  private static let ownKeys = ["schema", "verdict", "trees", "suites", "findings"]
  private static let ownEntryKeys = ["before", "after"]

  static func counters(_ fields: Fields) throws(Failure) -> [CounterDescription] {
    var counters: [CounterDescription] = []
    for node in try fields.listIfPresent("counters") {
      let entry = try fields.reader.fields(node, "a counter", keys: keys)
      let counter = try counter(entry)
      try refuse(counter.name, of: counters.map(\.name) + ownKeys, at: entry.place("name"))
      if let other = counters.first(where: { $0.line.hasPrefix(counter.line) || counter.line.hasPrefix($0.line) }) {
        throw Failure(.input, at: entry.place("line"), "the lines of '\(other.name)' begin like this, too")
      }
      counters.append(counter)
    }
    return counters
  }

  private static func counter(_ entry: Fields) throws(Failure) -> CounterDescription {
    let suite = try entry.text("suite")
    try refuse(suite, of: ownEntryKeys, at: entry.place("suite"))
    var names = ownEntryKeys + [suite]
    let dimensions = try numbers("of", of: entry, keys: ["as", "words", "column"], &names).map {
      (name, fields) throws(Failure) in try dimension(name, fields)
    }
    let bound = try bound("bound", of: entry, &names)
    let slack = try self.bound("slack", of: entry, &names)
    let besides = try numbers("besides", of: entry, keys: ["unit", "growth"], &names).map {
      (name, fields) throws(Failure) in
      CounterDescription.Beside(
        name: name, unit: try fields.text("unit"), growth: try fields.numberIfPresent("growth"))
    }
    let line = try entry.text("line")
    guard !line.isEmpty else { throw Failure(.input, at: entry.place("line"), "'line' must not be empty") }
    return CounterDescription(
      name: try entry.text("name"), line: line, title: try entry.text("title"), table: try entry.text("table"),
      unit: try entry.text("unit"), activity: try entry.text("activity"), note: try entry.textIfPresent("note"),
      suite: suite, dimensions: dimensions, bound: bound, slack: slack,
      doubled: try entry.phraseIfPresent("doubled"), besides: besides)
  }

  private static func bound(
    _ key: String, of entry: Fields, _ names: inout [String]
  ) throws(Failure) -> CounterDescription.Bound? {
    guard let node = entry.values[key] else { return nil }
    let fields = try entry.reader.fields(node, "'\(key)'", keys: ["number", "words"])
    return CounterDescription.Bound(name: try number(fields, &names), words: try fields.phrase("words"))
  }

  /// The entries of a list of numbers, each with the number's name.
  private static func numbers(
    _ key: String, of entry: Fields, keys: [String], _ names: inout [String]
  ) throws(Failure) -> [(name: String, fields: Fields)] {
    var numbers: [(String, Fields)] = []
    for node in try entry.listIfPresent(key) {
      let fields = try entry.reader.fields(node, "an entry of '\(key)'", keys: ["number"] + keys)
      numbers.append((try number(fields, &names), fields))
    }
    return numbers
  }

  private static func number(_ fields: Fields, _ names: inout [String]) throws(Failure) -> String {
    let name = try fields.text("number")
    guard !name.isEmpty, !name.contains(where: { $0 == "=" || $0.isWhitespace }) else {
      throw Failure(.input, at: fields.place("number"), "'\(name)' cannot be the name of a number")
    }
    try refuse(name, of: names, at: fields.place("number"))
    names.append(name)
    return name
  }

  private static func dimension(_ name: String, _ fields: Fields) throws(Failure) -> CounterDescription.Dimension {
    let form = try fields.textIfPresent("as")
    guard form == nil || form == "size" else {
      throw Failure(
        .input, at: fields.place("as"), "a number cannot be shown as '\(form ?? "")'",
        notes: ["expected: size, for a number of bytes; omit 'as' for any other"])
    }
    let words = try fields.textIfPresent("words")
    return CounterDescription.Dimension(
      name: name, isSize: form != nil, words: words, column: try fields.textIfPresent("column") ?? words ?? name)
  }

  private static func refuse(_ name: String, of taken: [String], at place: Place) throws(Failure) {
    if taken.contains(name) { throw Failure(.input, at: place, "the name '\(name)' is taken") }
  }
}
