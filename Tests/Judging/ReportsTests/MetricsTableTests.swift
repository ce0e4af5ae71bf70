import Anatomy
import Metrics
import Reports
import Testing
import Volumes

@Suite struct MetricsTableTests {
    private func metrics() throws -> [ClassMetrics] {
        let grid = Geometry(size: [2, 2, 2], affine: Affine(spacingInMillimetres: [10, 5, 2]))
        let truth = Volume<UInt8>(geometry: grid, voxels: [1, 1, 0, 0, 2, 0, 0, 0])
        let prediction = Volume<UInt8>(geometry: grid, voxels: [1, 0, 1, 0, 0, 3, 3, 0])
        return Array(try ClassMetrics.all(truth: truth, prediction: prediction, labelSet: .spine25).prefix(4))
    }

    @Test func columnsAreAlignedAndUndefinedRatiosAreDashes() throws {
        #expect(
            try MetricsTable.text(metrics()) == """
                class    Dice     IoU  sensitivity  specificity  precision  accuracy  truth ml  predicted ml
                ─────  ──────  ──────  ───────────  ───────────  ─────────  ────────  ────────  ────────────
                C1     0.5000  0.3333       0.5000       0.8333     0.5000    0.7500      0.20          0.20
                C2     0.0000  0.0000       0.0000       1.0000          –    0.8750      0.10          0.00
                C3     0.0000  0.0000            –       0.7500     0.0000    0.7500      0.00          0.20
                C4     absent       –            –            –          –         –         –             –
                ─────  ──────  ──────  ───────────  ───────────  ─────────  ────────  ────────  ────────────
                mean Dice of the classes in the truth: 0.2500
                mean Dice of the classes in truth or prediction: 0.1667

                """)
    }

    @Test func absentClassesCanShareOneLine() throws {
        let text = try MetricsTable.text(metrics(), listsAbsent: false)
        #expect(text.hasSuffix("absent from truth and prediction: C4\n"))
        #expect(!text.contains("\nC4"))
    }
}
