/// Objects to build with Kbuild, each in the folder whose makefile lists it.
struct UnitGoals: Sendable {
  /// What each object, as Kbuild names it, is linked into.
  private(set) var targets: [String: LinkTarget] = [:]
  private var folders: [String: String] = [:]
  private var routes: [String: [String]] = [:]

  init() {}

  /// Adds an object, one of the `units` that the makefile of `folder` lists.
  mutating func add(_ object: String, _ link: LinkTarget, in folder: String, _ units: FolderUnits) {
    targets[object] = link
    folders[object] = folder
    routes[folder] = units.route.isEmpty ? nil : units.route
  }

  /// The goals in portions that fit on a command line, each with the makefile to read before Kbuild's own.
  var portions: [(goals: [String], makefile: String)] {
    Kbuild.portions(targets.keys.sorted()).map { ($0, makefile(for: $0)) }
  }

  /// A makefile that builds each goal only in its own folder.
  ///
  /// Kbuild passes a goal to every folder above it that it descends into: for `arch/x86/lib/foo.o` it enters `arch/x86`
  /// and `arch/x86/lib`, and both have a rule for the goal, with different flags. A phony goal has no pattern rule, so the
  /// goal is phony everywhere else. Where Kbuild does not descend to a folder, the makefile follows the folder's route.
  private func makefile(for goals: [String]) -> String {
    var text = "ifneq ($(obj),)\n"
    for (folder, objects) in Dictionary(grouping: goals, by: { folders[$0] ?? "" }).sorted(by: { $0.key < $1.key }) {
      let list = objects.joined(separator: " ")
      text += "ifneq ($(obj),\(folder))\n.PHONY: \(list)\nendif\n"
      let route = routes[folder] ?? []
      for (here, next) in zip(route, route.dropFirst() + [folder]) {
        let step = "seriesmith-route-\(folder)"
        text += """
          ifeq ($(obj),\(here))
          .PHONY: \(step)
          \(list): \(step)
          \t@:
          \(step):
          \t@$(MAKE) $(build)=\(next) \(list)
          endif

          """
      }
    }
    return text + "endif\n"
  }
}
