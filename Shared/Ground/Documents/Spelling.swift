/// Which of the known words a misspelt one means.
package enum Spelling {
    /// The known word that is the fewest single letters away, at most a third of its own: added, left out, replaced or
    /// swapped with its neighbour (Damerau and Levenshtein), capitals alike; nil: none is near.
    package static func nearest(to word: String, among known: [String]) -> String? {
        let candidates = known.sorted().map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, best.word.count / 3)
        else { return nil }
        return best.word
    }

    static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
        // Rows of the table of distances between beginnings: the last two and the one under way.
        var (before, row) = ([Int](), Array(0...b.count))
        for i in 0..<a.count {
            var next = [i + 1]
            for j in 0..<b.count {
                var best = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                next.append(best)
            }
            (before, row) = (row, next)
        }
        return row[b.count]
    }
}
