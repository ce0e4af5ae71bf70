package import Documents
import JobEngine
package import Studies

/// How far a data set is that cases were ordered for: without a look at this one whose cases died looks whole.
package struct DataSetProgress: Sendable, Documented {
    /// The last order of each case, by name.
    package let imports: [CaseImport]

    init(_ imports: [CaseImport]) { self.imports = imports }

    package func count(_ state: CaseImport.State) -> Int { imports.count { $0.state == state } }

    /// Cases that were ordered and did not come, with the reason.
    package var missing: [CaseImport] { imports.filter { $0.state == .failed || $0.state == .refused } }

    /// Cases that were left out, because others found them to be broken, with the reason.
    package var knownBroken: [CaseImport] { imports.filter { $0.state == .knownBroken } }

    /// `8 cases were ordered: 5 arrived, 1 under way, 2 failed`; nil where nothing is known of an order.
    package var sentence: String? {
        guard !imports.isEmpty else { return nil }
        let parts = CaseImport.State.allCases.map { ($0, count($0)) }.filter { $0.1 > 0 }.map {
            "\($0.1) \(Self.words($0.0))"
        }
        return
            "\(Wording.count(imports.count, "case")) \(imports.count == 1 ? "was" : "were") ordered: \(parts.joined(separator: ", "))"
    }

    private static func words(_ state: CaseImport.State) -> String {
        switch state {
        case .arrived, .failed, .refused: state.rawValue
        case .underWay: "under way"
        case .knownBroken: "known to be broken"
        }
    }

    package var document: JSONValue {
        let states = CaseImport.State.allCases.filter { $0 != .knownBroken }.map {
            (key: $0 == .underWay ? "under_way" : $0.rawValue, value: JSONValue(count($0)))
        }
        let missing: [JSONValue] = missing.map {
            [
                "name": JSONValue($0.name), "state": JSONValue($0.state.rawValue),
                "study": $0.study.map { JSONValue($0) } ?? nil, "reason": JSONValue($0.reason),
            ]
        }
        let broken: [JSONValue] = knownBroken.map { ["name": JSONValue($0.name), "reason": JSONValue($0.reason)] }
        return .object(
            [(key: "ordered", value: JSONValue(imports.count))] + states + [
                (key: "missing", value: JSONValue(missing)), (key: "known_broken", value: JSONValue(broken)),
            ]
        )
    }
}
