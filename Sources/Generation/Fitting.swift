import CSource
import Descriptions
import Diagnostics
import Templating

/// What of a series applies to a tree: files that are optional may be gone, and of a file's variants the first that fits
/// counts.
struct Fitting {
  /// Without what does not apply, its texts rendered.
  var series: SeriesDescription
  /// The files it works on, by path.
  var sources: [String: SourceFile] = [:]
  var findings: [Finding] = []
  /// What does not apply, and why that is allowed.
  var notes: [Finding] = []

  init(_ series: SeriesDescription, to tree: some KernelTree) throws(Failure) {
    self.series = series
    self.series.files = []
    var names: Set<String> = []
    for description in series.files {
      guard let bytes = try tree.contents(of: description.file) else {
        missing(description)
        continue
      }
      let source = sources[description.file] ?? SourceFile(path: description.file, bytes: bytes)
      sources[description.file] = source
      guard let form = try form(of: description, in: source) else { continue }
      self.series.files.append(form)
      names.formUnion([description.name, form.name])
    }
    try renderTexts(series, applying: names)
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

  /// The texts may name descriptions and variants, as sections that are there where those apply, and options.
  private mutating func renderTexts(_ whole: SeriesDescription, applying names: Set<String>) throws(Failure) {
    let all = whole.files.flatMap { [$0.name] + $0.variants.map(\.name) }
    var values = Dictionary(all.map { ($0, Template.Value.flag(names.contains($0))) }) { first, _ in first }
    values.merge(whole.options.map { ($0.name, .flag($0.isChosen)) }) { $1 }
    if let cover = whole.cover { series.cover?.text = try Template(cover.text, at: cover.place).render(values) }
    for index in series.patches.indices {
      let patch = series.patches[index]
      series.patches[index].message = try Template(patch.message, at: patch.place).render(values)
    }
  }
}
