extension CollectionDifference {
  /// The offsets of what was removed from the old collection, and of what was inserted into the new one.
  public var offsets: (removed: Set<Int>, inserted: Set<Int>) {
    var offsets: (removed: Set<Int>, inserted: Set<Int>) = ([], [])
    for change in self {
      switch change {
      case .remove(let offset, _, _): offsets.removed.insert(offset)
      case .insert(let offset, _, _): offsets.inserted.insert(offset)
      }
    }
    return offsets
  }
}
