/// What `prove` builds of each state of a series and what it runs in it, as `Templates/prove/prove.yaml` says it.
public struct ProofDescription: Sendable, Hashable {
  /// The kernel for the virtual machine.
  public var kernel: LaneDescription
  /// What make is asked for: "bzImage".
  public var goal: String
  /// Where make puts it, in its build folder.
  public var image: String
  /// The path of the C file that is the machine's first process.
  public var initFile: String
  public var programs: [ProgramDescription]
  public var additions: [AdditionDescription]
  public var machine: MachineDescription
  public var boots: [BootDescription]
  public var counters: [CounterDescription]

  public init(
    kernel: LaneDescription, goal: String, image: String, initFile: String, programs: [ProgramDescription] = [],
    additions: [AdditionDescription] = [], machine: MachineDescription, boots: [BootDescription],
    counters: [CounterDescription] = []
  ) {
    self.kernel = kernel
    self.goal = goal
    self.image = image
    self.initFile = initFile
    self.programs = programs
    self.additions = additions
    self.machine = machine
    self.boots = boots
    self.counters = counters
  }
}

/// A program of the tree that the machine's first process can run.
public struct ProgramDescription: Sendable, Hashable {
  public var name: String
  /// The path of its C file in the tree.
  public var source: String
  /// The libraries it is linked with: "cap".
  public var libraries: [String]
}

/// A file of ours that is laid into a state's tree while that is proved, and only then: tests of what a series brings.
public struct AdditionDescription: Sendable, Hashable {
  /// Its path in the tree. A test's name is that of its suite.
  public var file: String
  /// The path of the file that holds it.
  public var source: String
  /// The path of the file beside it that includes it at its end, so that it sees what that keeps to itself; nil where
  /// the makefile there is made to build it, unless it is a header.
  public var host: String?
  /// What the tree has to have, or there is nothing to test yet, or no longer.
  public var needs: [Need]

  /// A file of the tree, and a text that it has to have.
  public struct Need: Sendable, Hashable {
    public var file: String
    public var text: String
  }
}

/// A virtual machine, without what is booted in it.
public struct MachineDescription: Sendable, Hashable {
  /// The emulator's name on `PATH`, and the Debian package that has it.
  public var emulator: String
  public var package: String
  public var arguments: [String]
  /// What every kernel is told on its command line.
  public var kernelArguments: String
}

/// One boot of a state's kernel.
public struct BootDescription: Sendable, Hashable {
  public enum States: String, Sendable, CaseIterable {
    /// The base and every state.
    case all
    /// The base and the last state.
    case ends
  }

  public var name: String
  public var why: String
  public var states: States
  /// What the kernel is told besides.
  public var kernelArguments: String
  /// How long it may take before it counts as hung.
  public var timeLimit: Duration

  public init(name: String, why: String, states: States, kernelArguments: String, timeLimit: Duration) {
    self.name = name
    self.why = why
    self.states = states
    self.kernelArguments = kernelArguments
    self.timeLimit = timeLimit
  }
}
