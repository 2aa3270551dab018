public import ArgumentParser
public import Verification

/// `--sandbox`: when what a build runs is kept from the rest of the machine.
struct SandboxOption: ParsableArguments {
  @Option(
    name: .customLong("sandbox"),
    help: ArgumentHelp(
      "When to build in bubblewrap, without a network and with nothing to write but the build's folder.",
      discussion: "'auto' is where the series changes what a build runs: makefiles, Kconfig, scripts, tools.",
      valueName: "when"))
  var use = Sandboxing.auto
}

extension Sandboxing: ExpressibleByArgument {}
