import Diagnostics
import Testing

@Suite struct StepTimesTests {
  @Test func aLineForEachStepInOrder() {
    let times = StepTimes()
    let progress = times.noting(.silent)
    progress.report(.began("Preparing"))
    progress.report(.ended("Preparing", outcome: "2 lanes", seconds: 12.34))
    progress.report(.note("a note"))
    progress.report(.ended("Compiling", outcome: nil, seconds: 0.96))
    progress.report(.ended("Preparing", outcome: nil, seconds: 100))
    #expect(times.text == "    112.3 s  Preparing\n      1.0 s  Compiling\n")
  }
}
