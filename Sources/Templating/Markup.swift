public import Diagnostics
import Foundation
import Mustache

/// Templates of HTML and XML, which escape what they are given.
public enum Markup {
  /// - Parameters:
  ///   - file: the path of a Mustache template.
  ///   - model: what it names.
  /// - Throws: `Failure(.input)` for a template that cannot be read.
  /// The text of a template with the values of `model` in it.
  ///
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

  /// Escapes by scalar, not by character as the library's own does: a mark that combines with a quote must not take it
  /// out of sight, where a report shows what strangers wrote. XML has no place for control characters.
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
