import GitBinary

/// A random change of a header, as people make them: something new with or without what it needs, something gone or moved.
struct HeaderEdit {
  /// What is done, in a few words.
  var words: String
  var text: String

  private static let types = [
    "int", "u32", "u64", "size_t", "bool", "phys_addr_t", "dma_addr_t", "gfp_t", "struct list_head *",
    "struct device *",
    "struct iommu_domain *", "struct io_pgtable_cfg *", "struct scatterlist *", "struct unheard_of *", "unheard_of_t",
    "enum iommu_cap", "struct mutex *", "const struct iommu_ops *", "struct file *", "struct kunit *",
  ]
  private static let values = [
    "0", "BIT(3)", "PAGE_SIZE", "sizeof(struct iommu_domain)", "sizeof(struct device)", "min(1, 2)",
    "ARRAY_SIZE(\"a\")",
    "IS_ENABLED(CONFIG_IOMMU_API)", "-EINVAL", "GFP_KERNEL", "IOMMU_READ", "ilog2(4096)", "num_online_cpus()",
    "SZ_4K", "readl(NULL)", "list_empty(NULL)", "unheard_of(1)", "VFIO_IOMMU_MAP_DMA", "ARM_LPAE_TCR_EPD1",
  ]

  /// A random edit of a header; nil if the kind drawn finds nothing to change there.
  ///
  /// - Parameter words: identifiers that those who include the header use.
  init?(of header: String, words: [String], number: Int, using random: inout SplitMix) {
    var lines = header.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let top = Self.topLevel(lines)
    guard let place = top.randomElement(using: &random), let type = Self.types.randomElement(using: &random),
      let value = Self.values.randomElement(using: &random), let word = words.randomElement(using: &random)
    else { return nil }
    func first(_ isOne: (Int) -> Bool) -> Int? { lines.indices.filter(isOne).randomElement(using: &random) }
    func members(_ key: String) -> [Int] {
      lines.indices.filter { index in
        lines[index].hasPrefix("\t") && lines[index].hasSuffix(key == "enum" ? "," : ";")
          && lines[..<index].last { !$0.hasPrefix("\t") && $0.hasSuffix("{") }?.contains(key + " ") == true
      }
    }
    switch Int.random(in: 0..<11, using: &random) {
    case 0:
      self.words = "a prototype with \(type)"
      lines.insert("\(type) smith_\(number)(\(Self.types.randomElement(using: &random) ?? "int") a);", at: place)
    case 1:
      self.words = "an inline that gives \(value)"
      lines.insert("static inline unsigned long smith_\(number)(void) { return \(value); }", at: place)
    case 2:
      self.words = "an inline with \(type)"
      lines.insert("static inline void smith_\(number)(\(type) a) { (void)a; }", at: place)
    case 3:
      self.words = "the macro \(word)"
      lines.insert("#define \(word) \(value)", at: place)
    case 4:
      self.words = "an unused macro"
      lines.insert("#define SMITH_\(number) \(value)", at: place)
    case 5:
      guard let index = members("struct").randomElement(using: &random) else { return nil }
      self.words = "a member \(type)"
      lines.insert("\t\(type) \(Bool.random(using: &random) ? "smith_\(number)" : word);", at: index)
    case 6:
      guard let index = members("enum").randomElement(using: &random) else { return nil }
      let name = Bool.random(using: &random) ? "SMITH_\(number)" : word
      self.words = "the enumerator \(name)"
      lines.insert("\t\(name),", at: index)
    case 7:
      guard let index = first({ lines[$0].hasPrefix("#include ") }) else { return nil }
      self.words = "without \(lines[index])"
      lines.remove(at: index)
    case 8:
      guard let index = (members("struct") + members("enum")).randomElement(using: &random) else { return nil }
      self.words = "without the member\(lines[index].prefix { $0 != "/" })"
      lines.remove(at: index)
    case 9:
      guard let index = top.filter({ Self.isDeclaration(lines[$0]) }).randomElement(using: &random) else { return nil }
      self.words = "without \(lines[index])"
      lines.remove(at: index)
    default:
      guard let index = top.filter({ Self.isDeclaration(lines[$0]) }).randomElement(using: &random) else { return nil }
      self.words = "\(lines[index]) moved to line \(place + 1)"
      let line = lines.remove(at: index)
      lines.insert(line, at: min(place, lines.count))
    }
    text = lines.joined(separator: "\n")
    guard text != header else { return nil }
  }

  /// A declaration or macro on a line of its own.
  private static func isDeclaration(_ line: String) -> Bool {
    guard let first = line.first, first.isLetter || line.hasPrefix("#define ") else { return false }
    return line.hasPrefix("#define ") ? !line.hasSuffix("\\") : line.hasSuffix(";")
  }

  /// The indices of lines that stand in no declaration, comment or macro that goes on, below the header's guard.
  private static func topLevel(_ lines: [String]) -> [Int] {
    var depth = 0
    var isComment = false
    var isStatement = false
    var found: [Int] = []
    for (index, line) in lines.enumerated() {
      let isFree = depth == 0 && !isComment && !isStatement
      if isFree, index > 0, !lines[index - 1].hasSuffix("\\"), found.count > 0 || line.hasPrefix("#include") {
        found.append(index)
      }
      if isComment {
        isComment = !line.contains("*/")
        continue
      }
      if line.contains("/*"), !line.contains("*/") { isComment = true }
      depth += line.count { $0 == "{" } - line.count { $0 == "}" }
      let code = line.prefix { $0 != "/" }.drop(while: \.isWhitespace)
      let isCode = !code.isEmpty && !code.hasPrefix("#")
      isStatement = isCode && !";{},:".contains(code.last { !$0.isWhitespace } ?? ";") || isCode && code.hasSuffix(",")
    }
    return found
  }
}
