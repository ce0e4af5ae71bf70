import Documents
import Testing

@Suite struct WordingTests {
    @Test(arguments: [
        (0.006 / 10, "0.0006"), (0.009435700528992709, "0.00944"), (1e-5, "1e-05"), (0.01, "0.01"), (0, "0"),
    ])
    func aRateIsSaidInThreeDigitsThatCount(_ rate: Double, _ text: String) {
        #expect(Wording.rate(rate) == text)
    }
}
