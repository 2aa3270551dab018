import CLibgit2
import Diagnostics
import Support

/// Checks the size of git's encoded binary patches. libgit2 inflates them without a limit, and a few bytes can inflate to
/// any number.
enum BinaryData {
  /// More than the size of any file in a kernel.
  private static let mostBytes = 64 << 20

  /// The reason not to have libgit2 apply a binary patch; nil if there is none.
  static func problem(with diff: borrowing Handle) -> String? {
    var problem: String?
    let visit: git_diff_binary_cb = { _, binary, payload in
      guard let binary = binary?.pointee, let problem = payload?.assumingMemoryBound(to: String?.self) else { return 0 }
      for side in [binary.new_file, binary.old_file] where problem.pointee == nil {
        problem.pointee = BinaryData.problem(with: side)
      }
      return 0
    }
    let code = withUnsafeMutablePointer(to: &problem) {
      git_diff_foreach(diff.pointer, { _, _, _ in 0 }, visit, nil, nil, $0)
    }
    return code == 0 ? problem : Libgit2Apply.Refusal(code).reason
  }

  private static func problem(with side: git_diff_binary_file) -> String? {
    guard side.datalen > 0 else { return nil }
    guard side.inflatedlen <= mostBytes else {
      return "it states \(side.inflatedlen) bytes, which is more than \(mostBytes >> 20) MiB"
    }
    guard let data = inflated(side), side.type != GIT_DIFF_BINARY_DELTA || resultSize(ofDelta: data) <= mostBytes else {
      return Libgit2Apply.Refusal.damaged.reason
    }
    return nil
  }

  /// The inflated data; nil unless it has the stated size.
  private static func inflated(_ side: git_diff_binary_file) -> [UInt8]? {
    let data = UnsafeRawPointer(side.data)?.assumingMemoryBound(to: UInt8.self)
    return Zlib.inflated(UnsafeBufferPointer(start: data, count: side.datalen), size: side.inflatedlen)
  }

  /// The second of the two numbers at the start of a delta (git's pack format): seven bits per byte, lowest first.
  private static func resultSize(ofDelta delta: [UInt8]) -> Int {
    var rest = delta[...]
    var number = 0
    for _ in 0..<2 {
      number = 0
      for shift in stride(from: 0, to: 63, by: 7) {
        guard let byte = rest.popFirst() else { return .max }
        number |= Int(byte & 0x7F) << shift
        if byte & 0x80 == 0 { break }
      }
    }
    return number
  }
}
