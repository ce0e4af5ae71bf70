import Anatomy
import Plausibility
import Testing
import Volumes

struct JudgedLabelsTests {
    private static let lumbar = ["T11", "T12", "L1", "L2", "L3", "L4", "L5", "sacrum"]

    private func judged(_ column: MadeColumn, entropy: [UInt8: Double], namesByAnatomy: Bool = true) -> JudgedLabels {
        JudgedLabels(
            column.volume, labelSet: .spine25, votes: nil, meanConfidence: entropy.mapValues { 1 - $0 },
            meanEntropy: entropy, namesByAnatomy: namesByAnatomy, repairs: false)
    }

    /// Of T10's sliver the path of names knows nothing: what the network said of T10 stands.
    @Test func doubtOfWhatIsNoVertebraIsStillTold() {
        var column = MadeColumn(Self.lumbar)
        let planes = column.volume.geometry.size[2]
        column.fill(17, 18..<21, 20..<23, planes - 3..<planes)
        let result = judged(column, entropy: [17: 0.9, 18: 0.01])
        #expect(result.certainty(of: 17).entropy == 0.9 && result.certainty(of: 17).confidence == 1 - 0.9)
        #expect(result.report.findings.contains { $0.kind == .uncertain && $0.labels == [17] })
        #expect(!result.isChanged)
    }

    @Test func namesComeBeforeTheJudgement() {
        let said: [UInt8] = [17, 18, 19, 20, 21, 22, 23, 25]
        let column = MadeColumn(Self.lumbar, called: said)
        let byAnatomy = judged(column, entropy: [:])
        #expect(byAnatomy.isChanged && byAnatomy.report.vertebrae.map(\.label.name) == Self.lumbar)
        let byNetwork = judged(column, entropy: [:], namesByAnatomy: false)
        #expect(!byNetwork.isChanged && byNetwork.names == nil && byNetwork.labels == column.volume)
    }
}
