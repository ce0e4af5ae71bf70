import Anatomy
import Foundation
import Reports
import Testing

@Suite struct ProgressPictureTests {
    private static let (blue, red, green) = (
        Colour(red: 0x4C, green: 0x72, blue: 0xB0), Colour(red: 0xC4, green: 0x4E, blue: 0x52),
        Colour(red: 0x55, green: 0xA8, blue: 0x68)
    )

    private static func epochs(_ count: Int, _ change: (inout ProgressPicture.Epoch, Double) -> Void = { _, _ in })
        -> [ProgressPicture.Epoch]
    {
        (0..<count).map { number in
            let share = Double(number) / Double(max(1, count - 1))
            var epoch = ProgressPicture.Epoch(loss: 1 - share, seconds: 10, learningRate: 0.01 * (1 - share))
            change(&epoch, share)
            return epoch
        }
    }

    /// Where a colour is, from the top, in a column of one of the three charts, without the legend above it.
    private static func rows(_ colour: Colour, column: Int, chart: Int, of picture: Raster) -> [Int] {
        (chart * 900 + 110..<(chart + 1) * 900).filter { picture[column, $0] == colour }
    }

    @Test func aFallingLossFallsAndTheRateWithIt() throws {
        let picture = ProgressPicture(Self.epochs(50)).raster()
        #expect(picture.width == 1500 && picture.height == 2700)
        for chart in [0, 2] {
            let columns = [230, 500, 900, 1290].map { Self.rows(Self.blue, column: $0, chart: chart, of: picture) }
            for (before, after) in zip(columns, columns.dropFirst()) {
                #expect(try #require(before.last) < #require(after.first), "chart \(chart)")
            }
        }
        let time = Set([230, 700, 1290].map { Self.rows(Self.blue, column: $0, chart: 1, of: picture) })
        #expect(time.count == 1, "ten seconds each")
    }

    /// No line, and no name in the legend, for what was not measured.
    @Test func onlyWhatWasMeasuredIsDrawn() {
        let plain = ProgressPicture(Self.epochs(20)).raster()
        let whole = ProgressPicture(
            Self.epochs(20) { epoch, share in
                epoch.validationLoss = 0.5 - share / 4
                (epoch.pseudoDice, epoch.averagePseudoDice) = (share, share * share)
            }
        ).raster()
        func count(_ colour: Colour, _ picture: Raster) -> Int {
            (0..<900).reduce(0) { sum, y in sum + (0..<1500).count { picture[$0, y] == colour } }
        }
        #expect(count(Self.red, plain) == 0 && count(Self.green, plain) == 0)
        #expect(count(Self.red, whole) > 4000)
        // The running average is a line, the Dice itself dots.
        #expect(count(Self.green, whole) > count(Self.red, whole))
    }

    @Test(arguments: [0, 1, 2, 1000]) func anyNumberOfEpochsIsAPicture(count: Int) throws {
        var epochs = Self.epochs(count)
        if count == 1000 { (epochs[10].loss, epochs[20].validationLoss) = (.nan, .infinity) }
        let data = try ProgressPicture(epochs).png()
        #expect(try data == ProgressPicture(epochs).png() && Array(data.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
    }
}
