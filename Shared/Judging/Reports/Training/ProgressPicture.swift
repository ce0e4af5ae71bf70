import Anatomy
package import Foundation

/// The picture `progress.png` that nnU-Net keeps beside a fold's checkpoints, for eyes that know it: losses with the Dice
/// on patches and its running average, time, and learning rate, over epochs that count from 0.
///
/// Source: nnunetv2/training/logging/nnunet_logger.py (`plot_progress_png`).
package struct ProgressPicture: Sendable {
    package struct Epoch: Sendable {
        package var loss: Double
        /// On validation patches; nil, like all others, where it was not measured.
        package var validationLoss: Double?
        package var pseudoDice: Double?
        package var averagePseudoDice: Double?
        package var seconds: Double
        package var learningRate: Double

        package init(loss: Double, seconds: Double, learningRate: Double) {
            (self.loss, self.seconds, self.learningRate) = (loss, seconds, learningRate)
        }
    }

    private let epochs: [Epoch]

    /// - Parameter epochs: in order, without gaps.
    package init(_ epochs: [Epoch]) { self.epochs = epochs }

    /// A line and what it is called.
    private struct Line {
        let name: String
        let colour: Colour
        let values: [Double?]
        var isDotted = false
    }

    private static let (width, height) = (1500, 900)
    private static let (left, right, top, bottom) = (190, 170, 110, 100)
    private static let scale = 3
    // Seaborn's colours, in which nnU-Net draws.
    private static let ground = Colour(red: 0xEA, green: 0xEA, blue: 0xF2)
    private static let (blue, red, green) = (
        Colour(red: 0x4C, green: 0x72, blue: 0xB0), Colour(red: 0xC4, green: 0x4E, blue: 0x52),
        Colour(red: 0x55, green: 0xA8, blue: 0x68)
    )
    private static let ink = Colour(red: 0x26, green: 0x26, blue: 0x26)

    /// 1500 × 2700 pixels as a PNG file. Throws `notEncodable`.
    package func png() throws -> Data { try raster().png() }

    /// The same in memory.
    package func raster() -> Raster {
        var picture = Raster(width: Self.width, height: 3 * Self.height, colour: .white)
        let losses = [
            Line(name: "loss_tr", colour: Self.blue, values: epochs.map(\.loss)),
            Line(name: "loss_val", colour: Self.red, values: epochs.map(\.validationLoss)),
        ]
        let dice = [
            Line(name: "pseudo dice", colour: Self.green, values: epochs.map(\.pseudoDice), isDotted: true),
            Line(name: "pseudo dice (mov. avg.)", colour: Self.green, values: epochs.map(\.averagePseudoDice)),
        ]
        draw(losses, "loss", beside: dice, "pseudo dice", at: 0, in: &picture)
        draw(
            [Line(name: "epoch duration", colour: Self.blue, values: epochs.map(\.seconds))], "time [s]", from: 0,
            at: 1, in: &picture)
        draw(
            [Line(name: "learning rate", colour: Self.blue, values: epochs.map(\.learningRate))], "learning rate",
            at: 2,
            in: &picture)
        return picture
    }

    /// One chart.
    ///
    /// - Parameters:
    ///   - low: where the axis begins; nil: by the values.
    ///   - place: from the top, 0, 1 or 2.
    private func draw(
        _ lines: [Line], _ title: String, from low: Double? = nil, beside others: [Line] = [],
        _ otherTitle: String = "",
        at place: Int, in picture: inout Raster
    ) {
        let (first, last) = (place * Self.height + Self.top, (place + 1) * Self.height - Self.bottom)
        picture.fill(
            x: Self.left, y: first, width: Self.width - Self.left - Self.right, height: last - first, Self.ground)
        drawEpochs(first, last, in: &picture)
        var x = Self.left
        for (lines, title, isRight) in [(lines, title, false), (others, otherTitle, true)] {
            let known = lines.filter { $0.values.contains { $0?.isFinite == true } }
            guard let axis = Self.axis(known, low) else { continue }
            func y(_ value: Double) -> Double { Double(last) - axis.share(value) * Double(last - first) }
            for tick in axis.ticks {
                let row = Int(y(tick))
                if !isRight {
                    picture.fill(
                        x: Self.left, y: row, width: Self.width - Self.left - Self.right, height: 2, .white)
                }
                let text = NumberText.fixed(tick, digits: axis.digits)
                let start = isRight ? Self.width - Self.right + 14 : Self.left - 14 - Self.length(text)
                label(text, x: start, y: row - 10, in: &picture)
            }
            let start = isRight ? Self.width - Self.length(title) - 12 : 12
            label(title, x: start, y: first - 40, in: &picture)
            for line in known {
                let points = line.values.enumerated().map { index, value in
                    value.flatMap { $0.isFinite ? (x: self.x(index), y: y($0)) : nil }
                }
                picture.draw(line: points, thickness: line.isDotted ? 4 : 5, line.colour, isDotted: line.isDotted)
                let sample = [(x: Double(x), y: Double(first - 78)), (x: Double(x + 60), y: Double(first - 78))]
                picture.draw(line: sample, thickness: 5, line.colour, isDotted: line.isDotted)
                label(line.name, x: x + 75, y: first - 88, in: &picture)
                x += 75 + Self.length(line.name) + 45
            }
        }
    }

    private func drawEpochs(_ first: Int, _ last: Int, in picture: inout Raster) {
        for tick in ValueAxis(low: 0, high: Double(max(1, epochs.count - 1))).ticks
        where tick == tick.rounded() && Int(tick) < max(1, epochs.count) {
            let (column, text) = (Int(x(Int(tick))), String(Int(tick)))
            picture.fill(x: column, y: first, width: 2, height: last - first, .white)
            label(text, x: column - Self.length(text) / 2, y: last + 16, in: &picture)
        }
        label("epoch", x: (Self.width - Self.length("epoch")) / 2, y: last + 56, in: &picture)
    }

    private static func axis(_ lines: [Line], _ low: Double?) -> ValueAxis? {
        let values = lines.flatMap { $0.values.compactMap { $0 } }.filter(\.isFinite)
        guard let least = values.min(), let most = values.max() else { return nil }
        return ValueAxis(low: low ?? least, high: most)
    }

    private func x(_ epoch: Int) -> Double {
        let share = epochs.count > 1 ? Double(epoch) / Double(epochs.count - 1) : 0.5
        return Double(Self.left) + 20 + share * Double(Self.width - Self.left - Self.right - 40)
    }

    private static func length(_ text: String) -> Int { Font.width(of: text, scale: scale) }

    private func label(_ text: String, x: Int, y: Int, in picture: inout Raster) {
        picture.draw(text, x: x, y: y, scale: Self.scale, colour: Self.ink)
    }
}

extension Raster {
    /// Straight from point to point; a missing one interrupts the line, and one that stands alone is a dot.
    mutating func draw(line points: [(x: Double, y: Double)?], thickness: Int, _ colour: Colour, isDotted: Bool) {
        var (last, drawn): ((x: Double, y: Double)?, Int) = (nil, 0)
        for point in points {
            defer { last = point }
            guard let point else { continue }
            let start = last ?? point
            let steps = max(1, Int(max(abs(point.x - start.x), abs(point.y - start.y)).rounded(.up)))
            for step in 0...steps {
                let share = Double(step) / Double(steps)
                drawn += 1
                // As wide as long, and twice as far to the next.
                if isDotted, drawn % (3 * thickness) >= thickness { continue }
                fill(
                    x: Int((start.x + share * (point.x - start.x)).rounded()) - thickness / 2,
                    y: Int((start.y + share * (point.y - start.y)).rounded()) - thickness / 2, width: thickness,
                    height: thickness, colour)
            }
        }
    }
}
