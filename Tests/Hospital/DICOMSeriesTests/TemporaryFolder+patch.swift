import Foundation
import TestSupport

extension TemporaryFolder {
    /// Replaces every occurrence of some bytes of a file by as many others; the number of occurrences.
    @discardableResult
    func patch(_ name: String, _ old: String, with new: String) throws -> Int {
        precondition(old.utf8.count == new.utf8.count, "a patch keeps the length")
        var data = try Data(contentsOf: file(name))
        var count = 0
        while let range = data.range(of: Data(old.utf8)) {
            data.replaceSubrange(range, with: Data(new.utf8))
            count += 1
        }
        try data.write(to: file(name))
        return count
    }
}
