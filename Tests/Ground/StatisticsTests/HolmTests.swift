import Statistics
import Testing

@Suite struct HolmTests {
    @Test func adjustmentIsStatsmodels() throws {
        for entry in try Reference.load().holm {
            let adjusted = Holm.adjusted(entry.p)
            #expect(adjusted.count == entry.adjusted.count)
            for (value, expected) in zip(adjusted, entry.adjusted) { #expect(agree(value, expected, within: 1e-14)) }
        }
    }

    @Test func worksByHand() {
        #expect(Holm.adjusted([0.5, 0.125, 0.25]) == [0.5, 0.375, 0.5])
        #expect(Holm.adjusted([0.75, 0.75]) == [1, 1])
        #expect(Holm.adjusted([]) == [])
    }

    @Test func missingTestsDoNotCount() {
        #expect(Holm.adjusted([nil, 0.125, .nan, 0.25, nil]) == [nil, 0.25, nil, 0.25, nil])
        #expect(Holm.adjusted([nil, .nan]) == [nil, nil])
    }
}
