/// Which cases of two cohorts are one case.
struct CasePairing: Sendable {
    /// Positions in the two cohorts, by name, where both were measured on the same bytes.
    let indices: [(a: Int, b: Int)]

    init(_ a: Cohort, _ b: Cohort) {
        let (first, second) = (Self.uniquePositions(a), Self.uniquePositions(b))
        indices = a.cases.indices.compactMap { index in
            let name = a.cases[index].name
            guard first[name] == index, let other = second[name], a.cases[index].source == b.cases[other].source else {
                return nil
            }
            return (index, other)
        }
    }

    /// Names that occur once, and where.
    private static func uniquePositions(_ cohort: Cohort) -> [String: Int] {
        var positions: [String: Int] = [:]
        var repeated: Set<String> = []
        for (index, evaluated) in cohort.cases.enumerated()
        where positions.updateValue(index, forKey: evaluated.name) != nil {
            repeated.insert(evaluated.name)
        }
        return positions.filter { !repeated.contains($0.key) }
    }
}
