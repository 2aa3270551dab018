import Foundation
import Testing

@testable import Verification

@Suite struct ProgramIdentityTests {
  @Test func itIsTheBuildIDThatReadelfPrints() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["readelf", "--notes", "--wide", "/proc/\(getpid())/exe"]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let id = try #require(text.firstMatch(of: #/Build ID: ([0-9a-f]+)/#), "\(text)").1
    #expect(ProgramIdentity.current == id)
  }

  @Test func whatHasNoBuildIDHasNone() {
    let header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1]
    for bytes in [[], header, header + [UInt8](repeating: 0, count: 100), Array("#!/bin/sh\n".utf8)] {
      #expect(ProgramIdentity.buildID(inELF: bytes) == nil)
    }
  }
}
