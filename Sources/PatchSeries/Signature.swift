/// Who wrote or committed something, and when.
public struct Signature: Hashable, Sendable {
  /// The name, as git stores it.
  public var name: String
  /// The address, without angle brackets.
  public var email: String
  /// Seconds since 1970-01-01 00:00 UTC.
  public var seconds: Int64
  /// Offset of the writer's clock from UTC, in minutes, east positive.
  public var offsetMinutes: Int

  /// A signature at this moment.
  public init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
    self.name = name
    self.email = email
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }

  /// The offset as git and RFC 2822 write it: `+0200`.
  public var offset: String {
    let minutes = abs(offsetMinutes)
    let number = minutes / 60 * 100 + minutes % 60
    return (offsetMinutes < 0 ? "-" : "+") + padded(number, to: 4)
  }
}
