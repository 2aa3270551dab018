public import Kbuild

/// What is built of each state of a series, and what is run in it.
public struct ProofPlan: Sendable, Hashable {
  /// The kernel.
  public var lane: Lane
  /// What make is asked for, and where in its build folder it puts it.
  public var goal: String
  public var image: String
  /// The path of the C file that is the machine's first process.
  public var initFile: String
  public var programs: [Program]
  public var additions: [Addition]
  public var machine: MachinePlan
  public var boots: [Boot]

  public init(
    lane: Lane, goal: String, image: String, initFile: String, programs: [Program] = [],
    additions: [Addition] = [], machine: MachinePlan, boots: [Boot]
  ) {
    self.lane = lane
    self.goal = goal
    self.image = image
    self.initFile = initFile
    self.programs = programs
    self.additions = additions
    self.machine = machine
    self.boots = boots
  }
}

/// A program of the base's tree that the machine's first process can run.
public struct Program: Sendable, Hashable {
  public var name: String
  /// The path of its C file in the tree.
  public var source: String
  /// The libraries it is linked with: "cap".
  public var libraries: [String]

  public init(name: String, source: String, libraries: [String]) {
    self.name = name
    self.source = source
    self.libraries = libraries
  }
}

/// A virtual machine, without what is booted in it.
public struct MachinePlan: Sendable, Hashable {
  /// The emulator's name on `PATH`, and the Debian package that has it.
  public var emulator: String
  public var package: String
  public var arguments: [String]
  /// What every kernel is told on its command line.
  public var kernelArguments: String

  public init(emulator: String, package: String, arguments: [String], kernelArguments: String) {
    self.emulator = emulator
    self.package = package
    self.arguments = arguments
    self.kernelArguments = kernelArguments
  }
}

/// One boot of a state's kernel.
public struct Boot: Sendable, Hashable {
  public var name: String
  /// What the kernel is told besides.
  public var kernelArguments: String
  /// Whether only the base and the last state are booted so.
  public var onlyEnds: Bool
  /// How long it may take before it counts as hung.
  public var timeLimit: Duration

  public init(name: String, kernelArguments: String, onlyEnds: Bool, timeLimit: Duration) {
    self.name = name
    self.kernelArguments = kernelArguments
    self.onlyEnds = onlyEnds
    self.timeLimit = timeLimit
  }
}
