import CSource
import Descriptions
import Diagnostics
import Templating

/// What of a series applies to a tree: files that are optional may be gone, and of a file's variants the first that fits
/// counts.
struct Fitting {
  /// Without what does not apply.
  var series: SeriesDescription
  var findings: [Finding] = []
  /// What does not apply, and why that is allowed.
  var notes: [Finding] = []
  /// What texts may ask for, by name: whether each description and each variant applies, options, and the split.
  private var flags: [String: Template.Value] = [:]

  /// - Parameter sources: the tree's files by path, with all that the series names and the tree has.
  init(_ series: SeriesDescription, to sources: [String: SourceFile], split: Split = .described) throws(Failure) {
    self.series = series
    self.series.files = []
    for description in series.files.flatMap({ [$0] + $0.variants }) { flags[description.name] = .flag(false) }
    for description in series.files {
      guard let source = sources[description.file] else {
        missing(description)
        continue
      }
      guard let form = try form(of: description, in: source) else { continue }
      self.series.files.append(form)
      flags[description.name] = .flag(true)
      flags[form.name] = .flag(true)
    }
    for option in series.options { flags[option.name] = .flag(option.isChosen) }
    for one in Split.allCases { flags[one.rawValue] = .flag(one == split) }
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
    try Template(text, at: place).render(flags)
  }
}
