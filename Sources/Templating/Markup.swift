public import Diagnostics
import Foundation
import Mustache

/// Templates of HTML and XML, which escape what they are given.
public enum Markup {
  /// Renders a template with the values of `model`.
  ///
  /// - Parameters:
  ///   - file: the path of a Mustache template.
  ///   - model: the values of the names in it.
  /// - Throws: `Failure(.input)` if the template cannot be read or is not valid.
  public static func render(_ file: String, _ model: [String: Any]) throws(Failure) -> String {
    guard let source = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw Failure(.input, at: Place(file), "cannot be read")
    }
    _ = registered
    do {
      return try MustacheTemplate(string: "{{% CONTENT_TYPE:MARKUP}}\n" + source).render(model)
    } catch {
      throw Failure(.input, at: Place(file), "not a valid template: \(error)")
    }
  }

  private static let registered: Void = MustacheContentTypes.register(Escaping(), named: "MARKUP")

  /// Escapes by scalar, not by character as the library does: reports show text by strangers, in which a combining mark
  /// must not hide a quote. Control characters are replaced, as XML does not allow them.
  private struct Escaping: MustacheContentType {
    func escapeText(_ text: String) -> String {
      var escaped = String.UnicodeScalarView()
      for scalar in text.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;".unicodeScalars
        case "<": escaped += "&lt;".unicodeScalars
        case ">": escaped += "&gt;".unicodeScalars
        case "\"": escaped += "&quot;".unicodeScalars
        case "'": escaped += "&#39;".unicodeScalars
        case "\n", "\t": escaped.append(scalar)
        case "\0"..<" ", "\u{7F}", "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
        default: escaped.append(scalar)
        }
      }
      return String(escaped)
    }
  }
}
