/// Dates as mail headers write them: `Mon, 6 Jul 2026 12:00:00 +0200` (RFC 2822).
public enum MailDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// The signature's time, on its writer's clock.
  public static func text(_ signature: Signature) -> String {
    let local = signature.seconds + Int64(signature.offsetMinutes) * 60
    let day = Int((local >= 0 ? local : local - 86399) / 86400)
    let second = Int(local - Int64(day) * 86400)
    let date = civil(day)
    let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
    let weekday = weekdays[((day + 4) % 7 + 7) % 7]
    return "\(weekday), \(date.day) \(months[date.month - 1]) \(date.year) \(time) \(signature.offset)"
  }

  /// Seconds since 1970 and the offset from UTC in minutes, or nil for what is not such a date.
  public static func parse(_ text: String) -> (seconds: Int64, offsetMinutes: Int)? {
    var words = text.split(whereSeparator: \.isWhitespace)[...]
    // The day of the week says nothing, and not everyone puts a comma after it.
    if words.first?.first?.isLetter == true { words = words.dropFirst() }
    guard words.count >= 4 else { return nil }
    let parts = Array(words.prefix(5))
    let clock = parts[3].split(separator: ":").map { Int($0) }
    guard let day = Int(parts[0]), (1...31).contains(day), let month = months.firstIndex(of: String(parts[1])),
      let year = Int(parts[2]), (1970...9999).contains(year), (2...3).contains(clock.count),
      let hour = clock[0], (0..<24).contains(hour), let minute = clock[1], (0..<60).contains(minute),
      let second = clock.count == 3 ? clock[2] : 0, (0...60).contains(second)
    else { return nil }
    let offset = parts.count == 5 ? offset(parts[4]) : 0
    let local = Int64(days(year, month + 1, day)) * 86400 + Int64(hour * 3600 + minute * 60 + second)
    return (local - Int64(offset) * 60, offset)
  }

  /// Minutes; a name such as GMT is zero, as RFC 2822 says of those it does not know.
  private static func offset(_ text: Substring) -> Int {
    guard let number = Int(text), text.utf8.count == 5, text.hasPrefix("+") || text.hasPrefix("-") else { return 0 }
    return number / 100 * 60 + number % 100
  }

  // The two below are Howard Hinnant's "days_from_civil" and its inverse, on years that start in March.

  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  }

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
