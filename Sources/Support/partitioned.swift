extension Sequence {
  /// The elements that satisfy a condition, and the others.
  public func partitioned(_ condition: (Element) -> Bool) -> (those: [Element], others: [Element]) {
    reduce(into: ([], [])) { parts, element in
      if condition(element) { parts.0.append(element) } else { parts.1.append(element) }
    }
  }
}
