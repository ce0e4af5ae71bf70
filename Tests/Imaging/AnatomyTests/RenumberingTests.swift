import Anatomy
import Testing

/// What a label map loses on its way into a label set is known by name and number (anjany/verse,
/// wasserth/TotalSegmentator#88).
@Suite struct RenumberingTests {
    private func voxels(_ present: [Int: Int]) -> [Int] { (0...255).map { present[$0] ?? 0 } }

    @Test func verseLosesWhatSpine25DoesNotHave() throws {
        let renumbering = try Renumbering(
            .verse, to: .spine25, voxels: voxels([0: 900, 24: 10, 25: 50, 26: 20, 27: 5, 28: 7]))
        #expect(
            renumbering.losses == [
                Renumbering.Loss(id: 25, name: "L6", voxels: 50), Renumbering.Loss(id: 27, name: "coccyx", voxels: 5),
                Renumbering.Loss(id: 28, name: "T13", voxels: 7),
            ])
        #expect(
            renumbering.losses.phrase
                == "L6 (label 25, 50 voxels), coccyx (label 27, 5 voxels) and T13 (label 28, 7 voxels)")
        #expect(renumbering.table[26] == 25 && renumbering.table[25] == 0)
        #expect(try Renumbering(.verse, to: .spine24, voxels: voxels([20: 1, 26: 4])).losses.map(\.name) == ["sacrum"])
    }

    @Test func mapsWithoutSuchLabelsLoseNothing() throws {
        for numbering in Numbering.allCases {
            let table = numbering.table(from: .spine24)
            let all = voxels(Dictionary(uniqueKeysWithValues: (1...24).map { (Int(table[$0]), 3) }))
            #expect(try Renumbering(numbering, to: .spine25, voxels: all).losses.phrase == nil)
        }
    }

    @Test func organsAreCountedTogether() throws {
        let losses = try Renumbering(.totalSegmentatorV2, to: .spine25, voxels: voxels([1: 10, 2: 5, 27: 3])).losses
        #expect(
            losses.shortPhrase == "2 labels that are no vertebrae"
                && losses.dropLast().map(\.self).shortPhrase == "1 label that is no vertebra")
        #expect(losses.phrase == "2 labels that are no vertebrae (1, 2; 15 voxels)")
    }

    @Test func numbersThatANumberingDoesNotUseAreRefused() {
        let error = #expect(throws: NumberingError.self) {
            try Renumbering(.columna, to: .spine25, voxels: voxels([20: 5, 26: 50]))
        }
        #expect(error?.code == .unknownLabels && error?.candidates == [.totalSegmentatorV1, .verse])
        #expect(
            error?.description.hasPrefix("the label map has 50 voxels of label 26, expected 0 to 25 of spine-25")
                == true)
        #expect(throws: NumberingError.self) { try Renumbering(.verse, to: .spine25, voxels: voxels([29: 1])) }
        #expect(throws: NumberingError.self) { try Renumbering(.monaiLabel, to: .spine25, voxels: voxels([25: 1])) }
        #expect(throws: NumberingError.self) { try Renumbering(.columna, to: .spine24, voxels: voxels([25: 1])) }
    }

    @Test func aNumberingThatLeavesOnlyBackgroundIsRefused() {
        let error = #expect(throws: NumberingError.self) {
            try Renumbering(.totalSegmentatorV2, to: .spine25, voxels: voxels([18: 5, 19: 5]))
        }
        #expect(error?.code == .nothingLeft && error?.candidates.contains(.columna) == true)
        // A map of background only has nothing to lose.
        #expect(throws: Never.self) { try Renumbering(.totalSegmentatorV2, to: .spine25, voxels: voxels([0: 100])) }
    }
}
