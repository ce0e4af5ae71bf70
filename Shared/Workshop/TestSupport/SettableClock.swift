package import Foundation
import Synchronization

/// A clock that stands where a test has put it.
package final class SettableClock: Sendable {
    private let date: Mutex<Date>

    package init(_ date: Date) { self.date = Mutex(date) }

    package var now: Date { date.withLock { $0 } }
    package func set(_ date: Date) { self.date.withLock { $0 = date } }
    package func advance(bySeconds seconds: Double) { date.withLock { $0 += seconds } }
}
