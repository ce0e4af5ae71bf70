import Anatomy
import Testing

@Suite struct NumberingTests {
    @Test func totalSegmentatorV2CountsUpwardFromTheSacrum() {
        let table = Numbering.totalSegmentatorV2.table(to: .spine25)
        #expect(table[25] == 25 && table[26] == 25)
        // Ids 27…50 are L5…C1, so value = 51 - id.
        #expect((27...50).allSatisfy { table[$0] == UInt8(51 - $0) })
        #expect(table[0] == 0 && table[24] == 0 && table[51] == 0)
    }

    @Test func totalSegmentatorV1HasItsSacrumFarAway() {
        let table = Numbering.totalSegmentatorV1.table(to: .spine25)
        #expect(
            table[18] == 24 && table[22] == 20 && table[23] == 19 && table[34] == 8 && table[35] == 7 && table[41] == 1)
        #expect(table[92] == 25 && table[25] == 17)
    }

    @Test func verseHasVertebraeTheSetsDoNot() {
        let numbering = Numbering.verse
        #expect(numbering.value(of: 24, in: .spine25) == 24)
        #expect(numbering.names[25] == "L6" && numbering.value(of: 25, in: .spine25) == 0)
        #expect(numbering.value(of: 26, in: .spine25) == 25 && numbering.value(of: 26, in: .spine24) == 0)
        #expect(numbering.names[28] == "T13" && numbering.value(of: 28, in: .spine25) == 0)
    }

    @Test(arguments: Numbering.allCases) func tablesThereAndBackKeepEveryVertebra(_ numbering: Numbering) {
        let there = numbering.table(from: .spine24)
        let back = numbering.table(to: .spine24)
        for value in 1...24 {
            #expect(there[value] != 0)
            #expect(back[Int(there[value])] == UInt8(value))
        }
        #expect(there[0] == 0)
    }

    @Test(arguments: Numbering.allCases) func tablesAgreeWithSingleValues(_ numbering: Numbering) {
        let table = numbering.table(to: .spine25)
        for id in 0...255 { #expect(table[id] == numbering.value(of: id, in: .spine25)) }
    }
}
