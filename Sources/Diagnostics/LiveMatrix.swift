/// A matrix of units of work that fills in: a row per state of a series, a column per lane.
struct LiveMatrix: Sendable {
  private let rows: [String]
  private let columns: [String]
  /// The cells by column, then by row. A column whose work is not planned yet has no entry.
  private var cells: [String: [Cell]] = [:]
  /// The number of units done over time: one sample a second, for the last half minute.
  private var samples: [(time: ContinuousClock.Instant, done: Int)] = []

  private struct Cell {
    var units: Int
    var done = 0
    var isBad = false
  }

  init(rows: [String], columns: [String]) {
    self.rows = rows
    self.columns = columns
  }

  mutating func take(_ event: Progress.MatrixEvent, at now: ContinuousClock.Instant) {
    switch event {
    case .began, .ended: break
    case .planned(let column, let units): cells[column] = units.map { Cell(units: $0) }
    case .done(let column, let row, let isBad):
      guard var cell = cells[column]?[row] else { return }
      cell.done = min(cell.done + 1, cell.units)
      cell.isBad = cell.isBad || isBad
      cells[column]?[row] = cell
      sample(at: now)
    case .completed(let column):
      cells[column] = cells[column]?.map { Cell(units: $0.units, done: $0.units, isBad: $0.isBad) }
    }
  }

  private mutating func sample(at now: ContinuousClock.Instant) {
    if let last = samples.last, now - last.time < .seconds(1) { return }
    samples.append((now, done))
    samples.removeAll { now - $0.time > .seconds(30) }
  }

  private var done: Int { cells.values.joined().map(\.done).reduce(0, +) }
  private var units: Int { cells.values.joined().map(\.units).reduce(0, +) }

  // MARK: Display

  /// The lines to show. If `height` is too small, the columns' titles are left out first, then finished rows.
  ///
  /// - Parameter height: the number of lines available.
  func lines(height: Int, printer: Printer) -> [String] {
    let room = max(1, height)
    let titles = columns.enumerated().map { String(repeating: "│ ", count: $0.offset) + $0.element }
    let header = titles.count + rows.count <= room ? titles : []
    let first = rows.indices.first { !isFinished($0) } ?? 0
    let shown = rows.indices.dropFirst(max(0, min(first, rows.count - room))).prefix(room)
    return header
      + shown.map { row in
        columns.map { mark(cells[$0]?[row], printer) }.joined(separator: " ") + "  " + rows[row].printable
      }
  }

  /// The units done, and an estimate of the time left from the speed so far.
  func status(at now: ContinuousClock.Instant) -> String {
    let (done, units) = (done, units)
    let left = timeLeft(at: now).map { ", about \($0) left" } ?? ""
    return "\(done) of \(units) units\(left)"
  }

  private func timeLeft(at now: ContinuousClock.Instant) -> String? {
    guard cells.count == columns.count, let first = samples.first, now - first.time >= .seconds(3), done > first.done,
      done < units
    else { return nil }
    let seconds = (now - first.time).seconds * Double(units - done) / Double(done - first.done)
    return seconds < 60 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
  }

  private func isFinished(_ row: Int) -> Bool {
    columns.allSatisfy { column in cells[column].map { $0[row].done == $0[row].units } ?? false }
  }

  private func mark(_ cell: Cell?, _ printer: Printer) -> String {
    guard let cell else { return " " }
    if cell.isBad { return printer.style("✗", "1;31") }
    if cell.units == 0 { return "·" }
    if cell.done == cell.units { return printer.style("✓", "32") }
    let levels = Array("▁▂▃▄▅▆▇")
    return String(levels[cell.done * levels.count / cell.units])
  }
}

extension String {
  /// The text without control characters: a patch's author chose its subject, which must not move the cursor.
  fileprivate var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }
}
