import Anatomy

/// What the prediction is at one place, whatever the class.
package enum VoxelError: UInt8, CaseIterable {
    /// Background in both.
    case none = 0
    case truePositive = 1
    case falsePositive = 2
    case falseNegative = 3
    /// A vertebra in both, but not the same one.
    case wrongLabel = 4

    init(truth: UInt8, prediction: UInt8) {
        self =
            switch (truth, prediction) {
            case (0, 0): .none
            case (0, _): .falsePositive
            case (_, 0): .falseNegative
            case (let truth, let prediction): truth == prediction ? .truePositive : .wrongLabel
            }
    }

    var title: String {
        switch self {
        case .none: "background"
        case .truePositive: "right label"
        case .falsePositive: "false positive: background called vertebra"
        case .falseNegative: "false negative: vertebra missed"
        case .wrongLabel: "wrong label: another vertebra's name"
        }
    }

    /// Blue, vermilion, yellow and purple: apart for every kind of colour vision; wrong labels are also striped, for
    /// print in grey.
    package var entry: IndexedRaster.Entry {
        switch self {
        case .none: IndexedRaster.Entry(colour: .black, opacity: 0)
        case .truePositive: IndexedRaster.Entry(colour: Colour(red: 40, green: 130, blue: 200), opacity: 90)
        case .falsePositive: IndexedRaster.Entry(colour: Colour(red: 224, green: 84, blue: 20), opacity: 235)
        case .falseNegative: IndexedRaster.Entry(colour: Colour(red: 250, green: 226, blue: 60), opacity: 235)
        case .wrongLabel: IndexedRaster.Entry(colour: Colour(red: 204, green: 96, blue: 180), opacity: 240)
        }
    }

    /// The darker stripe of wrong labels.
    package static let stripe = IndexedRaster.Entry(colour: Colour(red: 108, green: 24, blue: 92), opacity: 240)
}

extension IndexedRaster {
    /// Where two panels of labels differ.
    init(truth: [UInt8], prediction: [UInt8], panel: SlicePanel) {
        let stripe = UInt8(VoxelError.allCases.count)
        let pixels = truth.indices.map { position -> UInt8 in
            let error = VoxelError(truth: truth[position], prediction: prediction[position])
            let diagonal = position % panel.width + position / panel.width
            return error == .wrongLabel && diagonal % 6 < 2 ? stripe : error.rawValue
        }
        self.init(
            width: panel.width, height: panel.height, palette: VoxelError.allCases.map(\.entry) + [VoxelError.stripe],
            pixels: pixels)
    }
}
