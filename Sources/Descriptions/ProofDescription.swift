/// The kernel that `prove` builds from each state of a series and the boots it runs, as `Templates/prove/prove.yaml`
/// describes them.
public struct ProofDescription: Sendable, Hashable {
  /// The lane that builds the virtual machine's kernel.
  public var kernel: LaneDescription
  /// The make goal for the image: "bzImage".
  public var goal: String
  /// The image's path in the build folder.
  public var image: String
  /// The path of the C file that is the machine's first process.
  public var initFile: String
  /// The programs that the boots run.
  public var programs: [ProgramDescription]
  /// The files added to each state's tree.
  public var additions: [AdditionDescription]
  /// The virtual machine that all boots use.
  public var machine: MachineDescription
  /// The boots of each state, in order; never empty as loaded.
  public var boots: [BootDescription]
  /// The counts to compare between the base and the tip.
  public var counters: [CounterDescription]

  /// Creates a proof, by default without programs, additions and counters.
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

/// A program from the tree that the machine's first process can run.
public struct ProgramDescription: Sendable, Hashable {
  /// The name under which the first process finds it.
  public var name: String
  /// The path of its C file in the tree.
  public var source: String
  /// The libraries it is linked with: "cap".
  public var libraries: [String]
}

/// A file of Seriesmith that is added to a state's tree only while `prove` runs: a test of what the series adds.
public struct AdditionDescription: Sendable, Hashable {
  /// The path it gets in the tree. A test has the name of its suite.
  public var file: String
  /// The path of its contents outside the tree.
  public var source: String
  /// The path of the neighbouring file that includes it at its end, so that it sees static declarations; nil for a
  /// header, and for a file that the folder's makefile is extended to build.
  public var host: String?
  /// What the tree must contain; a tree without it has nothing to test yet, or no longer.
  public var needs: [Need]

  /// A file of the tree and a text that it must contain.
  public struct Need: Sendable, Hashable {
    /// The file's path in the tree.
    public var file: String
    /// The text, to the byte.
    public var text: String
  }
}

/// A virtual machine, without the kernel that it boots.
public struct MachineDescription: Sendable, Hashable {
  /// The emulator's name on `PATH`.
  public var emulator: String
  /// The Debian package that provides the emulator.
  public var package: String
  /// The emulator's arguments, apart from those for the kernel.
  public var arguments: [String]
  /// The start of every kernel's command line.
  public var kernelArguments: String
}

/// One boot of a state's kernel.
public struct BootDescription: Sendable, Hashable {
  /// The states of a series that a boot runs in.
  public enum States: String, Sendable, CaseIterable {
    /// The base and every state.
    case all
    /// The base and the last state.
    case ends
  }

  /// The boot's name in messages and reports, unique in a proof.
  public var name: String
  /// What the boot shows.
  public var why: String
  /// The states it runs in.
  public var states: States
  /// The emulator's accelerator: "tcg"; nil for the fastest.
  public var accelerator: String?
  /// The emulator's arguments besides the machine's.
  public var arguments: [String]
  /// Further words for the kernel's command line.
  public var kernelArguments: String
  /// The time after which it counts as hung.
  public var timeLimit: Duration

  /// Creates a boot, by default of the machine as it is.
  public init(
    name: String, why: String, states: States, accelerator: String? = nil, arguments: [String] = [],
    kernelArguments: String, timeLimit: Duration
  ) {
    self.name = name
    self.why = why
    self.states = states
    self.accelerator = accelerator
    self.arguments = arguments
    self.kernelArguments = kernelArguments
    self.timeLimit = timeLimit
  }
}
