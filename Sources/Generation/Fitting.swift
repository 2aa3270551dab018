import CSource
import Descriptions
import Diagnostics
import Templating

/// What of a series applies to a tree: files that are optional may be gone, and of a file's variants the first that fits
/// counts.
struct Fitting {
  /// Without what does not apply.
  var series: SeriesDescription
  /// The files it works on, by path.
  var sources: [String: SourceFile] = [:]
  var findings: [Finding] = []
  /// What does not apply, and why that is allowed.
  var notes: [Finding] = []
  /// Whether each description and each variant applies, by name.
  private var applies: [String: Bool] = [:]
  private let split: Split

  init(_ series: SeriesDescription, to tree: some KernelTree, split: Split = .described) throws(Failure) {
    self.series = series
    self.split = split
    self.series.files = []
    for description in series.files.flatMap({ [$0] + $0.variants }) { applies[description.name] = false }
    sources = try SourceFile.read(Set(series.files.map(\.file)), of: tree)
    for description in series.files {
      guard let source = sources[description.file] else {
        missing(description)
        continue
      }
      guard let form = try form(of: description, in: source) else { continue }
      self.series.files.append(form)
      applies[description.name] = true
      applies[form.name] = true
    }
  }

  private mutating func missing(_ description: FileDescription) {
    if let reason = description.optional {
      notes.append(
        Finding(.note, at: description.place, "left out, the tree has no \(description.file): \(reason)"))
    } else {
      findings.append(
        Finding(
          at: description.place, "the tree has no \(description.file)",
          notes: ["was it renamed or removed? change this description, or say why it is 'optional'"]))
    }
  }

  /// The description itself, or the first of its variants that fits; nil where none does.
  private mutating func form(
    of description: FileDescription, in source: SourceFile
  ) throws(Failure) -> FileDescription? {
    var tried: [(variant: FileDescription, mismatch: Mismatch)] = []
    for form in description.forms {
      guard let when = form.when else { return form }
      let construct = try Renderer(form.parameters, at: form.place).construct(when)
      do throws(Mismatch) {
        _ = try source.lines(of: construct)
        return form
      } catch {
        tried.append((form, error))
      }
    }
    if description.variants.isEmpty, let reason = description.optional {
      notes.append(Finding(.note, at: description.place, "left out, \(description.file) has no use for it: \(reason)"))
    } else {
      findings.append(Drift.noneFits(tried, of: description))
    }
    return nil
  }

  /// The cover letter and the commit messages may name descriptions and variants, as sections that are there where those
  /// apply, options, and a split.
  ///
  /// - Throws: status 65 where a text names a description that the series does not have.
  func text(_ text: String, at place: Place) throws(Failure) -> String {
    var values = applies.mapValues { Template.Value.flag($0) }
    for option in series.options { values[option.name] = .flag(option.isChosen) }
    for one in Split.allCases { values[one.rawValue] = .flag(one == split) }
    return try Template(text, at: place).render(values)
  }
}
