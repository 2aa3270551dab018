extension [UInt8] {
  /// The bytes with the only occurrence of a text replaced.
  func changing(_ old: String, to new: String) throws -> [UInt8] {
    let places = ranges(of: Array(old.utf8))
    guard let place = places.first else { throw Impossible(reason: "the text to change is not there: \(old)") }
    guard places.count == 1 else { throw Impossible(reason: "\(places.count) places hold the text to change: \(old)") }
    var result = self
    result.replaceSubrange(place, with: new.utf8)
    return result
  }
}

extension String {
  /// The string with the only occurrence of a text replaced.
  func changing(_ old: String, to new: String) throws -> String {
    String(decoding: try Array(utf8).changing(old, to: new), as: UTF8.self)
  }
}
