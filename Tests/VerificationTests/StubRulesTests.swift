import Diagnostics
import Testing

@testable import Verification

/// A header whose functions have stubs, and what can be forgotten when one is added, changed or dropped.
@Suite struct StubRulesTests {
  /// A header with these lines in its two branches.
  private static func header(
    _ real: [String], _ stubs: [String], if condition: String = "#ifdef CONFIG_IOMMU_API"
  ) -> String {
    (["#ifndef _A_H", "#define _A_H", condition] + real + ["#else /* none */"] + stubs + ["#endif", "#endif"])
      .joined(separator: "\n") + "\n"
  }

  private static let real = [
    "extern int iommu_map(struct device *dev, size_t size);", "void iommu_unmap(struct device *dev);",
    "struct page *iommu_page(void);",
  ]
  private static let stubs = [
    "static inline int iommu_map(struct device *d, size_t s)\n{\n\treturn -ENODEV;\n}",
    "static inline void iommu_unmap(struct device *dev) { }",
    "static inline struct page *iommu_page(void) { return NULL; }",
  ]

  private func found(_ before: String?, _ after: String?) -> [String] {
    StubRules.findings(
      path: "a.h", before: before.map { Array($0.utf8) }, after: after.map { Array($0.utf8) }
    ).map { "\($0.severity.rawValue) \($0.place?.line ?? 0): \($0.message)" }
  }

  private func added(_ prototype: String, at index: Int = 1) -> [String] {
    var real = Self.real
    real.insert(prototype, at: index)
    return found(Self.header(Self.real, Self.stubs), Self.header(real, Self.stubs))
  }

  @Test func whatHasItsStubsIsFine() {
    #expect(found(nil, Self.header(Self.real, Self.stubs)) == [])
    #expect(found(Self.header(Self.real, Self.stubs), nil) == [])
  }

  @Test(arguments: [0, 1, 2, 3]) func anAddedPrototypeNeedsAStubAsItsNeighboursHave(index: Int) {
    #expect(
      added("phys_addr_t iommu_iova_to_phys_length(u64 iova,\n\t\t\tsize_t *length);", at: index) == [
        "error \(4 + index): iommu_iova_to_phys_length() has no stub for !CONFIG_IOMMU_API"
      ])
  }

  @Test func theNeighboursAreNamed() {
    var real = Self.real
    real.insert("void iommu_new(void);", at: 1)
    let findings = StubRules.findings(
      path: "a.h", before: nil, after: Array(Self.header(real, Self.stubs).utf8))
    #expect(
      findings.map(\.notes) == [
        ["its neighbours iommu_map() and iommu_unmap() have one: add a static inline in the other branch"]
      ])
  }

  @Test(arguments: [
    ("#if IS_ENABLED(CONFIG_IOMMU_API)", "!CONFIG_IOMMU_API"), ("#if !defined(CONFIG_IOMMU_API)", "CONFIG_IOMMU_API"),
    ("#ifndef CONFIG_IOMMU_API", "CONFIG_IOMMU_API"),
    ("#if defined(CONFIG_A) && defined(CONFIG_B)", "the #else of #if defined(CONFIG_A) && defined(CONFIG_B)"),
  ]) func theMessageSaysWhereItIsMissing(condition: String, absence: String) {
    var real = Self.real
    real.insert("void iommu_new(void);", at: 1)
    #expect(
      found(nil, Self.header(real, Self.stubs, if: condition)) == ["error 5: iommu_new() has no stub for \(absence)"])
  }

  @Test func theStubsMayComeFirst() {
    var real = Self.real
    real.insert("void iommu_new(void);", at: 1)
    #expect(
      found(nil, Self.header(Self.stubs, real, if: "#ifndef CONFIG_IOMMU_API")) == [
        "error 12: iommu_new() has no stub for !CONFIG_IOMMU_API"
      ])
  }

  @Test(arguments: [
    "static inline void iommu_new(void)\n{\n}", "#define iommu_new() do { } while (0)", "#define iommu_new iommu_unmap",
    "void iommu_new(void);",
  ]) func whatElseTheOtherBranchHasWillDo(stub: String) {
    var real = Self.real
    real.insert("void iommu_new(void);", at: 1)
    #expect(found(nil, Self.header(real, Self.stubs + [stub])) == [])
  }

  @Test func anAddedPrototypeBesideOnesWithoutStubsNeedsNone() {
    var real = Self.real
    real.insert(contentsOf: ["void iommu_a(void);", "void iommu_b(void);", "void iommu_c(void);"], at: 1)
    let before = real.enumerated().filter { $0.offset != 2 }.map(\.element)
    #expect(found(Self.header(before, Self.stubs), Self.header(real, Self.stubs)) == [])
  }

  @Test func otherConditionsAndTypesAreOfNoConcern() {
    var real = Self.real
    real.insert("void iommu_new(void);", at: 1)
    #expect(found(nil, Self.header(real, Self.stubs, if: "#ifdef __KERNEL__")) == [])
    let chain = ["#ifdef CONFIG_A"] + real + ["#elif defined(CONFIG_B)"] + Self.stubs + ["#else", "#endif", ""]
    #expect(found(nil, chain.joined(separator: "\n")) == [])
    #expect(added("struct iommu_ops {\n\tint (*map)(int x);\n};") == [])
    #expect(added("DECLARE_STATIC_KEY_FALSE(iommu_key);") == [])
    #expect(added("extern int (*iommu_hook)(int x);") == [])
    #expect(added("static inline int iommu_step(void)\n{\n#ifdef CONFIG_B\n\treturn 1;\n#endif\n\treturn 0;\n}") == [])
  }

  @Test func oldProblemsAreNotTheStatesDoing() {
    var real = Self.real
    real.insert("void iommu_old(void);", at: 1)
    #expect(found(Self.header(real, Self.stubs), Self.header(real + ["/* x */"], Self.stubs)) == [])
  }

  @Test func neitherGoesAlone() {
    let whole = Self.header(Self.real, Self.stubs)
    let noStub = Self.header(Self.real, [Self.stubs[0], Self.stubs[2]])
    #expect(found(whole, noStub) == ["error 5: iommu_unmap() no longer has a stub for !CONFIG_IOMMU_API"])
    let noPrototype = Self.header([Self.real[0], Self.real[2]], Self.stubs)
    #expect(found(whole, noPrototype) == ["error 11: the stub of iommu_unmap() is left over: its prototype is gone"])
    #expect(found(whole, Self.header([Self.real[0], Self.real[2]], [Self.stubs[0], Self.stubs[2]])) == [])
  }

  private func changed(_ prototype: String, _ stub: String) -> [String] {
    found(
      Self.header(Self.real, Self.stubs),
      Self.header([prototype] + Self.real.dropFirst(), [stub] + Self.stubs.dropFirst()))
  }

  @Test(arguments: [
    ("int iommu_map(int a, int b);", "int iommu_map(int a)", "takes 1 parameter, the function 2 parameters"),
    (
      "int iommu_map(size_t *a);", "int iommu_map(unsigned long *a)",
      "'unsigned long *' as parameter 1, the function 'size_t *'"
    ),
    ("bool iommu_map(void);", "int iommu_map(void)", "returns 'int', the function 'bool'"),
    (
      "void iommu_map(struct a *a);", "void iommu_map(struct b *a)",
      "'struct b *' as parameter 1, the function 'struct a *'"
    ),
  ]) func aStubTakesAndReturnsWhatTheFunctionDoes(prototype: String, stub: String, message: String) {
    let found = changed(prototype, "static inline \(stub) { return 0; }")
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("error 8: the stub of iommu_map() ") == true)
    #expect(found.first?.hasSuffix(message) == true)
  }

  @Test func aConstIsOnlyAWarning() {
    #expect(
      changed("int iommu_map(const char *a);", "static inline int iommu_map(char *a) { return 0; }") == [
        "warning 8: the stub of iommu_map() takes 'char *' as parameter 1, the function 'const char *'"
      ])
  }

  @Test(arguments: [
    ("extern int __must_check iommu_map(unsigned a, char b[8]);", "int iommu_map(unsigned int x, char *y)"),
    ("int iommu_map(int (*fn)(int a), void *);", "int iommu_map(int (*f)(int), void *data)"),
    ("int iommu_map(const char *name, unsigned long);", "int iommu_map(char const *n, unsigned long int size)"),
    ("__printf(1, 2) int iommu_map(const char *fmt, ...);", "__printf(1, 2) int iommu_map(const char *fmt, ...)"),
    ("int iommu_map(struct device *);", "__always_inline int iommu_map(struct device *__maybe_unused dev)"),
    ("int iommu_map(__u32 flags, void __user *p);", "int iommu_map(u32 f, void *p)"),
    ("int iommu_map(enum iommu_cap cap) __attribute__((cold));", "int iommu_map(enum iommu_cap c)"),
  ]) func namesAttributesAndSpellingDoNotMatter(prototype: String, stub: String) {
    #expect(changed(prototype, "static inline \(stub) { return 0; }") == [])
  }

  @Test func survivesAnyBytes() {
    for text in [
      "#if", "#else\n#endif\n#endif", "int f(", "int f(int);}}}", "#ifdef CONFIG_A\nint f(void)\n#else\n{\n", "(",
    ] {
      #expect(found(nil, text) == [])
    }
    _ = StubHeader(Array(0...255))
  }
}
