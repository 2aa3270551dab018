public import ArgumentParser
public import Verification

/// `--sandbox`: when builds run isolated from the rest of the machine.
struct SandboxOption: ParsableArguments {
  @Option(
    name: .customLong("sandbox"),
    help: ArgumentHelp(
      "When to build in bubblewrap, without network access and with only the build folder writable.",
      discussion: "'auto': if the series changes what a build runs: makefiles, Kconfig, scripts, tools.",
      valueName: "when"))
  var use = Sandboxing.auto
}

extension Sandboxing: ExpressibleByArgument {}
