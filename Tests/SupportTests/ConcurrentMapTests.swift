import Diagnostics
import Support
import Testing

@Suite("Mapping on all processors")
struct ConcurrentMapTests {
  @Test("keeps the order", arguments: [0, 1, 2, 1000])
  func keepsTheOrder(count: Int) {
    #expect(Array(0..<count).concurrentMap { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  @Test("keeps values that are nil")
  func keepsNil() {
    #expect([1, 2, 3].concurrentMap { $0 == 2 ? nil : $0 } == [1, nil, 3])
  }

  @Test("throws the error of the first element that fails")
  func throwsTheFirst() {
    #expect(throws: Failure(.input, "of 3")) {
      try Array(0..<100).concurrentMap { (number) throws(Failure) in
        if number >= 3 { throw Failure(.input, "of \(number)") }
        return number
      }
    }
  }
}
