/// That somebody should look at a segmentation before it is relied on, as the object itself says it to whoever reads it
/// in an archive.
package struct ReviewMark: Sendable, Hashable, Codable {
    package struct Reason: Sendable, Hashable, Codable {
        /// The segments it is about; empty where it is about none.
        package var values: [UInt8]
        package var sentence: String

        package init(values: [UInt8], sentence: String) {
            self.values = values
            self.sentence = sentence
        }
    }

    package var reasons: [Reason]

    /// Nil without a reason.
    package init?(reasons: [Reason]) {
        guard !reasons.isEmpty else { return nil }
        self.reasons = reasons
    }

    /// For Content Description: LO, 64 characters.
    var heading: String {
        "NEEDS REVIEW (\(reasons.count == 1 ? "1 finding" : "\(reasons.count) findings")): automatic segmentation"
    }

    /// All of them, for Image Comments (LT, 10240 characters).
    var comments: String { Self.text(reasons, limit: 10_240) }

    /// What concerns one segment, for Segment Description (ST, 1024 characters); nil: nothing.
    func description(of segment: Segment) -> String? {
        let own = reasons.filter { $0.values.contains(segment.value) }
        return own.isEmpty ? nil : Self.text(own, limit: 1024)
    }

    private static func text(_ reasons: [Reason], limit: Int) -> String {
        let text = "Needs review: " + reasons.map(\.sentence).joined(separator: "; ")
        return text.count <= limit ? text : String(text.prefix(limit - 3)) + "..."
    }
}
