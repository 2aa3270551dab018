import Descriptions
import Diagnostics
import Foundation
import Testing

/// A temporary file of lanes, in which every test breaks one thing.
@Suite struct LaneLoaderTests {
  private static let lanes = """
    common:
      toolchain: [LLVM=-19]
      fragment: [CONFIG_KASAN=n]
    lanes:
      - {name: arm64, arch: arm64, target: allmodconfig, why: SMMUs, fragment: [CONFIG_ARM_SMMU=y]}
      - {name: riscv, arch: riscv, target: defconfig, why: RISC-V, toolchain: [LLVM=1], for: [arch/riscv/]}

    """

  private func load(_ text: String) throws -> [LaneDescription] {
    let file = NSTemporaryDirectory() + "lanes-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    do {
      return try LaneLoader.load(file)
    } catch {
      var findings = error.findings
      for index in findings.indices { findings[index].place?.file = "lanes.yaml" }
      throw Failure(error.status, findings)
    }
  }

  private func message(_ old: String, _ new: String) -> String {
    do {
      _ = try load(Self.lanes.replacing(old, with: new))
      return "loaded"
    } catch let failure as Failure {
      #expect(failure.status == .input)
      return Printer(color: false).text(failure.findings)
    } catch {
      return "\(error)"
    }
  }

  @Test func loadsLanesWithWhatTheyHaveInCommon() throws {
    let lanes = try load(Self.lanes)
    #expect(lanes.map(\.name) == ["arm64", "riscv"])
    #expect(lanes[0].fragment == ["CONFIG_KASAN=n", "CONFIG_ARM_SMMU=y"])
    #expect(lanes[0].toolchain == ["LLVM=-19"])
    #expect(lanes[0].paths == nil)
    #expect(lanes[1].target == "defconfig")
    #expect(lanes[1].fragment == ["CONFIG_KASAN=n"])
    #expect(lanes[1].toolchain == ["LLVM=1"])
    #expect(lanes[1].paths == ["arch/riscv/"])
  }

  @Test(arguments: [
    ("arch: arm64", "arc: arm64", "5:19: error: unknown key 'arc' in a lane\n    did you mean 'arch'?"),
    ("why: SMMUs, ", "", "5:5: error: a lane lacks the key 'why'"),
    ("[CONFIG_ARM_SMMU=y]", "CONFIG_ARM_SMMU=y", "5:76: error: 'fragment' of a lane must be a list, not a text"),
    ("[CONFIG_ARM_SMMU=y]", "[ARM_SMMU=y]", "5:77: error: 'ARM_SMMU=y' is not a configuration line"),
    ("[CONFIG_KASAN=n]", "[CONFIG_KASAN]", "3:14: error: 'CONFIG_KASAN' is not a configuration line"),
    ("[LLVM=1]", "[clang]", "6:76: error: 'clang' does not choose a toolchain"),
    ("[arch/riscv/]", "[/arch]", "6:91: error: '/arch' must be a path in the kernel's tree, such as arch/riscv/"),
    ("name: riscv", "name: arm64", "6:5: error: there are two lanes 'arm64'"),
    ("name: riscv", "name: ../riscv", "6:12: error: '../riscv' cannot be the name of a lane"),
    ("  toolchain: [LLVM=-19]\n", "", "4:5: error: the lane 'arm64' has no toolchain"),
  ])
  func anErrorHasItsPlace(old: String, new: String, expected: String) {
    #expect(message(old, new).hasPrefix("lanes.yaml:" + expected), "\(message(old, new))")
  }

  @Test func aFileWithoutLanesIsRefused() {
    #expect(throws: Failure.self) { try load("lanes: []\n") }
    #expect(throws: Failure.self) { try load("common: {toolchain: [LLVM=1]}\n") }
    #expect(throws: Failure.self) { try load("") }
  }

  @Test func theLanesSeriesmithCarriesCanBeLoaded() throws {
    let templates = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Templates"
    let lanes = try LaneLoader.load(templates + "/lanes.yaml")
    let always = lanes.filter { $0.paths == nil }.map(\.name)
    #expect(always == ["x86_64", "arm64", "arm", "powerpc", "s390", "ppc-corenet32"])
    #expect(lanes.allSatisfy { !$0.why.isEmpty && $0.fragment.contains("CONFIG_WERROR=n") })
  }
}
