import Anatomy
import Foundation
import Testing

@Suite struct LabelSetTests {
    @Test func spine25NumbersFromC1DownToTheSacrum() {
        let set = LabelSet.spine25
        #expect(set.labels.map(\.value) == Array(1...25))
        #expect(set.name(of: 1) == "C1" && set.name(of: 7) == "C7")
        #expect(set.name(of: 8) == "T1" && set.name(of: 19) == "T12")
        #expect(set.name(of: 20) == "L1" && set.name(of: 24) == "L5" && set.name(of: 25) == "sacrum")
        #expect(set.channels == 26)
    }

    @Test func spine24IsSpine25WithoutTheSacrum() {
        #expect(LabelSet.spine24.labels == Array(LabelSet.spine25.labels.prefix(24)))
        #expect(LabelSet.spine24.value(of: "sacrum") == nil)
        #expect(LabelSet.spine24.name(of: 25) == nil)
    }

    @Test(arguments: LabelSet.all) func namesAndValuesAreInverse(_ set: LabelSet) {
        for value in 0...set.highestValue {
            #expect(set.name(of: value).flatMap(set.value(of:)) == value)
        }
        #expect(set.name(of: 0) == "background" && set.label(of: 0) == nil)
        #expect(set.value(of: "l3") == 22)
        #expect(set.value(of: "femur") == nil)
    }

    @Test func everyLabelHasItsOwnColour() {
        #expect(Set(LabelSet.spine25.labels.map(\.colour)).count == 25)
    }

    /// Also for a reader without red or green cones: neighbours' colours stay apart in lightness or on the
    /// blue–yellow axis, which both kinds of red-green blindness leave intact.
    @Test func neighboursDifferWithoutRedGreenVision() {
        let colours = LabelSet.spine25.labels.map(\.colour)
        for (upper, lower) in zip(colours, colours.dropFirst()) {
            let difference = zip(opponents(upper), opponents(lower)).map { abs($0 - $1) }.max() ?? 0
            #expect(difference > 35, "\(upper) beside \(lower)")
        }
    }

    private func opponents(_ colour: Colour) -> [Double] {
        let (red, green, blue) = (Double(colour.red), Double(colour.green), Double(colour.blue))
        let lightness = 0.299 * red + 0.587 * green + 0.114 * blue
        return [lightness, blue - (red + green) / 2]
    }

    @Test func labelSetsAreStoredByName() throws {
        let data = try JSONEncoder().encode([LabelSet.spine25])
        #expect(String(decoding: data, as: UTF8.self) == #"["spine-25"]"#)
        #expect(try JSONDecoder().decode([LabelSet].self, from: data) == [.spine25])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([LabelSet].self, from: Data(#"["spine-9"]"#.utf8))
        }
    }
}
