extension MakefileIndex {
  /// The symbols that a lane's configuration would need to build a source: "drivers/iommu/Makefile builds it with
  /// CONFIG_SUN50I_IOMMU".
  ///
  /// They come from the makefile that lists the source and from those that lead to its folder.
  ///
  /// - Returns: nil when no makefile lists the source literally, or none of them needs a symbol.
  public func whyNot(_ source: String) -> String? {
    let stem = Self.stem(source)
    var folder = Self.folder(source)
    var clauses: [Clause] = []
    for entry in listing(of: stem) {
      clauses.append(Clause(makefile: entry.makefile, verb: "builds it", symbols: entry.symbols))
      folder = Self.folder(entry.makefile)
    }
    // The folders above list this one.
    var verb = clauses.isEmpty ? "leads to it" : "leads there"
    while !folder.isEmpty {
      let parents = entries[String(Self.last(folder))] ?? []
      guard let parent = parents.first(where: { $0.entry.name.path == folder + "/" && $0.entry.name.isWhole }) else {
        break
      }
      clauses.append(Clause(makefile: parent.makefile, verb: verb, symbols: parent.entry.symbols))
      verb = "leads there"
      folder = parent.folder
    }
    var merged: [Clause] = []
    for var clause in clauses {
      clause.symbols.removeAll { symbol in merged.contains { $0.symbols.contains(symbol) } }
      if clause.symbols.isEmpty { continue }
      if let last = merged.last, last.makefile == clause.makefile, last.verb == clause.verb {
        merged[merged.count - 1].symbols += clause.symbols
      } else {
        merged.append(clause)
      }
    }
    if merged.first?.verb == "leads there" { merged[0].verb = "leads to it" }
    return merged.isEmpty ? nil : merged.map(\.text).joined(separator: ", ")
  }

  /// The sources whose makefiles, or those that lead to their folders, list them for some of these symbols.
  public func sources(among paths: [String], with symbols: Set<String>) -> [String] {
    let all = entries.values.joined()
    let concerned = all.filter { listed in
      listed.entry.symbols.contains { symbols.contains($0.hasPrefix("!") ? String($0.dropFirst()) : $0) }
    }
    let folders = concerned.map(\.entry.name.path).filter { $0.hasSuffix("/") }
    var stems = Set(concerned.map(\.entry.name.path))
    // The parts of a composite object are listed for its name.
    for listed in all {
      guard let owner = listed.entry.owner, stems.contains(listed.folder + "/" + owner) else { continue }
      stems.insert(listed.entry.name.path)
    }
    return paths.filter { path in
      path.hasSuffix(".c") || path.hasSuffix(".S")
        ? stems.contains(Self.stem(path)) || folders.contains(where: path.hasPrefix) : false
    }
  }

  /// Whether a makefile names the object of a source, as far as its own text tells.
  public func lists(_ source: String) -> Bool {
    let stem = Self.stem(source)
    return !listing(of: stem).isEmpty || !(strangers[String(Self.last(stem))] ?? []).isEmpty
      || patterns.contains { $0.path.matches(Self.folder(source)) }
  }

  /// A makefile that builds the source, or leads to it, only with some symbols.
  private struct Clause {
    var makefile: String
    var verb: String
    var symbols: [String]

    var text: String {
      let present = symbols.filter { !$0.hasPrefix("!") }
      let absent = symbols.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }
      let parts = [("with", present), ("without", absent)].filter { !$0.1.isEmpty }
      return "\(makefile) \(verb) " + parts.map { "\($0) \($1.joined(separator: " and "))" }.joined(separator: " and ")
    }
  }

  /// The entry of the source in its own folder or one above, then the entry of the composite object it is part of.
  private func listing(of stem: String) -> [(makefile: String, symbols: [String])] {
    let candidates = entries[String(Self.last(stem))] ?? []
    for folder in UnitList.folders(above: stem) {
      let own = candidates.first { listed in
        listed.folder == folder && !listed.entry.name.path.hasSuffix("/") && listed.entry.name.matches(stem)
      }
      guard let own else { continue }
      var chain = [(own.makefile, own.entry.symbols)]
      if let owner = own.entry.owner {
        let path = folder + "/" + owner
        let composite = (entries[owner] ?? []).first { $0.entry.name.path == path && $0.entry.owner == nil }
        if let composite { chain.append((composite.makefile, composite.entry.symbols)) }
      }
      return chain
    }
    return []
  }
}
