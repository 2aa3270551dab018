import CSource
import Descriptions
import Diagnostics

/// Reports a source that is not as described, with its place, the description, and the expected and found text.
enum DriftText {
  static func finding(_ mismatch: Mismatch, describedAt place: Place) -> Finding {
    var notes: [String] = []
    switch (mismatch.expected, mismatch.found) {
    case (let expected?, let found?) where expected.contains("\n") || found.contains("\n"):
      notes.append("expected (-) and found (+):\n" + difference(expected, found))
    case (let expected?, let found?):
      notes += ["expected: \(expected)", "found:    \(found)"]
    case (let expected?, nil):
      notes.append("expected: \(expected)")
    case (nil, let found?):
      notes.append("found: \(found)")
    default:
      break
    }
    if let remedy = mismatch.remedy { notes.append(remedy) }
    notes.append("described at \(place)")
    // With a remedy, the description is at fault and not the tree.
    return Finding(at: mismatch.place, (mismatch.remedy == nil ? "drift: " : "") + mismatch.message, notes: notes)
  }

  /// The finding for a file that no variant of its description fits.
  static func noneFits(
    _ tried: [(variant: FileDescription, mismatch: Mismatch)], of description: FileDescription
  ) -> Finding {
    let notes = tried.map { variant, mismatch in
      "'\(variant.name)' does not fit: \(mismatch.message)"
        + (mismatch.expected.map { ":\n    " + $0.replacing("\n", with: "\n    ") } ?? "")
    }
    return Finding(
      at: tried.first?.mismatch.place ?? Place(description.file),
      "drift: no variant of the description fits this file",
      notes: notes + (tried.lazy.compactMap(\.mismatch.found).first.map { ["found:\n" + $0] } ?? [])
        + ["described at \(description.place)"])
  }

  /// The text that differs from another in the fewest lines.
  static func nearest(_ texts: [String], to other: String) -> String? {
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    return texts.min { lines($0).difference(from: lines(other)).count < lines($1).difference(from: lines(other)).count }
  }

  /// A line diff that shows all lines and ignores white space within them.
  static func difference(_ expected: String, _ found: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = found.split(separator: "\n", omittingEmptySubsequences: false)
    let (removed, inserted) = new.difference(from: old) { $0.split { $0.isWhitespace } == $1.split { $0.isWhitespace } }
      .offsets
    var lines: [String] = []
    var oldIndex = 0
    var newIndex = 0
    while oldIndex < old.count || newIndex < new.count {
      if removed.contains(oldIndex) {
        lines.append("-" + old[oldIndex])
        oldIndex += 1
      } else if inserted.contains(newIndex) {
        lines.append("+" + new[newIndex])
        newIndex += 1
      } else {
        lines.append(" " + new[newIndex])
        oldIndex += 1
        newIndex += 1
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// Collects the drifts of a tree and reports each cause once.
struct Drifts {
  private(set) var findings: [Finding] = []
  /// The drifted functions, by the path of each file with a drift.
  private var functions: [String: Set<String>] = [:]

  /// - Parameters:
  ///   - base: the unedited file.
  ///   - function: the function that is not as described, or that an edit works on.
  mutating func add(_ mismatch: Mismatch, in base: SourceFile, function: String?, describedAt place: Place) {
    if let function, let drifted = functions[base.path] {
      // The function is already reported, or a failed edit would have created it.
      if drifted.contains(function) || !base.defines(function) { return }
    }
    functions[base.path, default: []].formUnion(function.map { [$0] } ?? [])
    let finding = DriftText.finding(mismatch, describedAt: place)
    if !findings.contains(finding) { findings.append(finding) }
  }
}

extension Drifts {
  /// Finds the functions of a file that have changed since its description was written.
  mutating func compare(
    _ description: FileDescription, of series: SeriesDescription, with sources: [String: SourceFile]
  ) throws(Failure) {
    let names = try Renderer(description.parameters, at: description.place).texts(series.expectations(of: description))
    guard !names.isEmpty, let file = sources[description.file] else { return }
    let path = series.recordPath(of: description.file)
    guard let record = series.records[description.file] else {
      throw Failure(
        .input, at: Place(path), "is missing, where the functions of \(description.file) are recorded",
        notes: ["copy them from the tree that they were described for", "expected at \(description.place)"])
    }
    let recorded = SourceFile(path: path, bytes: Array(record.utf8))
    for name in names {
      let known = recorded.functionTexts(name)
      guard !known.isEmpty else {
        throw Failure(
          .input, at: Place(path), "does not record function '\(name)'",
          notes: ["copy it from the tree that it was described for", "expected at \(description.place)"])
      }
      do throws(Mismatch) {
        guard try !file.sameFunction(name, as: recorded) else { continue }
        let found = file.functionTexts(name).joined()
        throw Mismatch(
          file.place(of: name), "function '\(name)' has changed since its description was written",
          expected: DriftText.nearest(known, to: found), found: found)
      } catch {
        add(error, in: file, function: name, describedAt: description.place)
      }
    }
  }
}
