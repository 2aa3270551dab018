import Descriptions

extension EditDescription {
  /// The template of the name of the function that the edit works on; nil if it works on the file.
  var function: String? {
    switch action {
    case .signature(let function, _, _), .statement(let function, _, _): function
    case .call(_, let scope, _, _, _): scope
    case .insert(_, let construct, _), .replace(let construct, _), .remove(let construct): construct.function
    case .replaceInitialiser, .addInitialiser, .removeInitialiser: nil
    }
  }
}

extension ConstructDescription {
  fileprivate var function: String? {
    switch self {
    case .function(let name), .kernelDoc(let name, _): name
    case .text(_, let function, _, _): function
    case .member, .comment: nil
    }
  }
}
