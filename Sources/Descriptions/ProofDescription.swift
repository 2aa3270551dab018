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
}

/// A program of the tree that the machine's first process can run.
public struct ProgramDescription: Sendable, Hashable {
  public var name: String
  /// The path of its C file in the tree.
  public var source: String
  /// The libraries it is linked with: "cap".
  public var libraries: [String]
}

/// A file of ours that is laid into a state's tree while that is proved.
public struct AdditionDescription: Sendable, Hashable {
  /// Its path in the tree.
  public var file: String
  /// The path of the file that holds it.
  public var source: String
  /// The path of the file of the tree that includes it at its end; nil where none does.
  public var host: String?
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
  /// How long it may take before it counts as hung, in minutes.
  public var minutes: Int
}
