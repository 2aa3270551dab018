import Diagnostics
import Testing

/// Descriptions that ask for broken C. Each test shows the whole message: the place in the kernel, the cause, what to
/// write instead, and the place of the edit.
@Suite struct RefusedEditTests {
  private static let driver = """
    static void omap_gpio_set(struct gpio_chip *chip, unsigned offset,
    			  int value)
    {
    	struct gpio_bank *bank = gpiochip_get_data(chip);

    	writel_relaxed(GPIO_bit(offset),
    		       bank->base);
    	regmap_update_bits(bank->map, offset,
    			   BIT(3), value);
    }

    """

  private func report(_ edit: String) throws -> String {
    var series = SmallSeries()
    series.files["drivers/gpio.yaml"] = "file: gpio.c\npatch: drivers\nsteps:\n  - edits:\n      - \(edit)\n"
    var tree = SmallTree.kernel
    tree.files["gpio.c"] = Self.driver
    return try series.report(on: tree)
  }

  @Test func aCallWithoutItsArguments() throws {
    #expect(
      try report("replace: {construct: {text: 'regmap_update_bits('}, text: 'regmap_set('}") == """
        gpio.c:8:2: error: this ends before its statement or declaration does
            expected: regmap_update_bits(
            name whole statements up to the last token, or use 'expression' or 'tokens' for a part
            described at drivers/gpio.yaml:5:9

        """)
  }

  @Test func aTypeWithoutItsFunction() throws {
    #expect(
      try report("replace: {construct: {text: static void}, text: static int}") == """
        gpio.c:1:1: error: this ends before its statement or declaration does
            expected: static void
            name whole declarations or definitions up to the last token, or use 'expression' or 'tokens' for a part
            described at drivers/gpio.yaml:5:9

        """)
  }

  @Test func aStatementInsideAnArgumentList() throws {
    #expect(
      try report("statement: {function: omap_gpio_set, after: 'writel_relaxed(GPIO_bit(offset),', lines: x();}") == """
        gpio.c:6:2: error: this ends before its statement or declaration does
            expected: writel_relaxed(GPIO_bit(offset),
            name whole statements up to the last token, or use 'expression' or 'tokens' for a part
            described at drivers/gpio.yaml:5:9

        """)
  }

  @Test func aCallThatIsTheDefinition() throws {
    #expect(
      try report("call: {callee: omap_gpio_set, becomes: other, argument: '1'}") == """
        gpio.c:1:13: error: the file does not call omap_gpio_set()
            expected: omap_gpio_set(…)
            use 'signature' for its definition, and 'call' where it is called
            described at drivers/gpio.yaml:5:9

        """)
  }

  @Test func aNameWithItsType() throws {
    #expect(
      try report("signature: {function: static void omap_gpio_set, parameter: int x}") == """
        gpio.c: error: 'static void omap_gpio_set' is not a function's name
            write the name alone: 'omap_gpio_set'
            described at drivers/gpio.yaml:5:9

        """)
  }
}
