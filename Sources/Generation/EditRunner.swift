import CSource
import Descriptions
import Diagnostics

/// The cause of a failed edit: the source is not as expected, or the description itself is wrong.
enum EditProblem: Error {
  case mismatch(Mismatch)
  case failure(Failure)
}

/// Applies described edits to a source.
enum EditRunner {
  /// - Returns: the edited file; nil if the edit needs a run of Coccinelle whose answer is not known.
  static func apply(
    _ edit: EditDescription, _ parameters: [String: Parameter], to file: SourceFile, _ semantic: inout SemanticPatches
  ) throws(EditProblem) -> SourceFile? {
    guard let list = edit.each else {
      return try apply(edit, Renderer(parameters, at: edit.place), [:], to: file, &semantic)
    }
    guard case .list(let items)? = parameters[list] else {
      throw .failure(Failure(.input, at: edit.place, "'each' names '\(list)', which is not a list parameter"))
    }
    var file = file
    for item in items {
      let renderer = Renderer(parameters, item: item, at: edit.place)
      guard let edited = try apply(edit, renderer, item, to: file, &semantic) else { return nil }
      file = edited
    }
    return file
  }

  private static func apply(
    _ edit: EditDescription, _ renderer: Renderer, _ item: [String: String], to file: SourceFile,
    _ semantic: inout SemanticPatches
  ) throws(EditProblem) -> SourceFile? {
    do {
      switch edit.action {
      case .signature(let function, let rename, let returns, let parameters, let parameter):
        let name = try renderer.text(function)
        return try file.changingSignature(
          of: name, to: try renderer.text(ifPresent: rename) ?? name, returning: try renderer.text(ifPresent: returns),
          withParameters: try renderer.text(ifPresent: parameters),
          addingParameter: try renderer.text(ifPresent: parameter))
      case .returnValue(let function, let value):
        return try file.returning(try renderer.text(value), from: try renderer.text(function))
      case .call(let callee, let scope, let becomes, let argument, let count):
        let name = try renderer.text(callee)
        return try file.changingCalls(
          of: name, in: try renderer.text(ifPresent: scope), to: try renderer.text(ifPresent: becomes) ?? name,
          addingArgument: try renderer.text(ifPresent: argument), count: count)
      case .replaceInitialiser(let member, let value, let newMember, let newValue):
        let old = try file.initialiser(try renderer.text(member), value: try renderer.text(value))
        return try file.replacing(old, member: try renderer.text(newMember), value: try renderer.text(newValue))
      case .addInitialiser(let member, let value, let afterMember, let afterValue):
        let neighbour = try file.initialiser(try renderer.text(afterMember), value: try renderer.text(afterValue))
        return try file.adding(member: try renderer.text(member), value: try renderer.text(value), after: neighbour)
      case .removeInitialiser(let member, let value):
        return try file.removing(try file.initialiser(try renderer.text(member), value: try renderer.text(value)))
      case .statement(let function, let anchors, let lines):
        let text = try renderer.text(lines)
        return try file.addingStatements(
          text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).droppingLastEmpty,
          to: try renderer.text(function), at: try anchor(anchors.isEmpty ? item : anchors, renderer, edit))
      case .insert(let before, let construct, let text):
        let construct = try renderer.construct(construct)
        let text = try renderer.text(text)
        return before
          ? try file.inserting(text, before: construct) : try file.inserting(text, after: construct)
      case .replace(let construct, let text):
        return try file.replacing(try renderer.construct(construct), with: try renderer.text(text))
      case .remove(let construct):
        return try file.removing(try renderer.construct(construct))
      case .semanticPatch(let patch, let names):
        let run = SemanticPatch(
          rules: try renderer.text(patch.rules), from: patch.file, path: file.path, bytes: file.bytes, at: edit.place)
        guard let answer = semantic.answer(to: run) else { return nil }
        let names = try renderer.texts(names)
        do throws(Mismatch) { return try file.adopting(answer.bytes, in: names) } catch {
          var mismatch = error
          if let line = answer.unread {
            mismatch.remedy = "spatch cannot parse this line, and skips what it is in: \(line)"
          }
          throw mismatch
        }
      }
    } catch let mismatch as Mismatch {
      throw .mismatch(mismatch)
    } catch let failure as Failure {
      throw .failure(failure)
    } catch {
      throw .failure(Failure(.input, at: edit.place, "\(error)"))
    }
  }

  private static func anchor(
    _ anchors: [String: String], _ renderer: Renderer, _ edit: EditDescription
  ) throws(Failure) -> StatementAnchor {
    if let text = anchors["when"] { return .when(try renderer.text(text)) }
    if let text = anchors["otherwise"] { return .otherwise(try renderer.text(text)) }
    if let text = anchors["after"] { return .after(try renderer.text(text)) }
    if let text = anchors["before"] { return .before(try renderer.text(text)) }
    throw Failure(.input, at: edit.place, "names no place: expected one of when, otherwise, after, before")
  }
}

extension [String] {
  fileprivate var droppingLastEmpty: [String] { last == "" ? Array(dropLast()) : self }
}

extension EditDescription {
  /// The template of the name of the function that the edit works on; nil if it works on the file.
  var function: String? {
    switch action {
    case .signature(let function, _, _, _, _), .returnValue(let function, _), .statement(let function, _, _): function
    case .call(_, let scope, _, _, _): scope
    case .insert(_, let construct, _), .replace(let construct, _), .remove(let construct): construct.function
    case .semanticPatch(_, let names): names.first
    case .replaceInitialiser, .addInitialiser, .removeInitialiser: nil
    }
  }
}

extension ConstructDescription {
  fileprivate var function: String? {
    switch self {
    case .function(let name), .kernelDoc(let name, _): name
    case .text(_, _, let function, _, _): function
    case .member, .comment: nil
    }
  }
}
