/// An author or committer, and the date.
public struct Signature: Hashable, Sendable {
  /// The name, as git stores it.
  public var name: String
  /// The address, without angle brackets.
  public var email: String
  /// Seconds since 1970-01-01 00:00 UTC.
  public var seconds: Int64
  /// Offset of the writer's clock from UTC, in minutes, east positive.
  public var offsetMinutes: Int

  /// A signature with this date.
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

/// Dates as mail headers write them: `Mon, 6 Jul 2026 12:00:00 +0200` (RFC 2822).
public enum MailDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// The signature's date, in the writer's time zone.
  public static func text(_ signature: Signature) -> String {
    let local = signature.seconds + Int64(signature.offsetMinutes) * 60
    let day = Int((local >= 0 ? local : local - 86399) / 86400)
    let second = Int(local - Int64(day) * 86400)
    let date = civil(day)
    let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
    let weekday = weekdays[((day + 4) % 7 + 7) % 7]
    return "\(weekday), \(date.day) \(months[date.month - 1]) \(date.year) \(time) \(signature.offset)"
  }

  /// Howard Hinnant's "civil_from_days", for years that start in March.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719468
    let era = (shifted >= 0 ? shifted : shifted - 146096) / 146097
    let dayOfEra = shifted - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
