import CSource
import Descriptions
import Diagnostics
import Templating

/// The part of a series that applies to a tree: optional files may be missing, and the first variant that fits a file
/// applies.
struct Fitting {
  /// The series with only the descriptions and variants that apply.
  var series: SeriesDescription
  /// Files that are missing without leave, and files that no variant fits.
  var findings: [Finding] = []
  /// The optional descriptions that do not apply, with the reasons why they are optional.
  var notes: [Finding] = []
  /// What texts may use: whether each description and variant applies, the options, the split, and the list of the work
  /// that the series follows.
  private var flags: [String: Template.Value] = [:]

  /// - Parameter sources: files of the tree by path, including every file that the series names and the tree has.
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
    flags["follows"] = .list(
      series.follows.map { ["title": $0.title, "author": $0.author, "date": $0.date, "link": $0.link ?? ""] })
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

  /// The description itself, or its first variant that fits; nil if none does.
  private mutating func form(
    of description: FileDescription, in source: SourceFile
  ) throws(Failure) -> FileDescription? {
    var tried: [(variant: FileDescription, mismatch: Mismatch)] = []
    for form in description.forms {
      guard let when = form.when else { return form }
      let construct = try Renderer(form.parameters, at: form.place).construct(when)
      do throws(Mismatch) {
        try source.find(construct)
        return form
      } catch {
        tried.append((form, error))
      }
    }
    if description.variants.isEmpty, let reason = description.optional {
      notes.append(Finding(.note, at: description.place, "left out, \(description.file) has no use for it: \(reason)"))
    } else {
      findings.append(DriftText.noneFits(tried, of: description))
    }
    return nil
  }

  /// Renders the cover letter or a commit message, in which sections may test whether a description or variant applies,
  /// an option is chosen, or a split is used.
  ///
  /// - Throws: status 65 if the text names anything else.
  func text(_ text: String, at place: Place) throws(Failure) -> String {
    try Template(text, at: place).render(flags)
  }
}
