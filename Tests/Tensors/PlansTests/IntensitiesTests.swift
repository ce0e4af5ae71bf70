import Foundation
import Plans
import TestSupport
import Testing
import Volumes

@Suite struct IntensitiesTests {
    private func volume(_ voxels: [Float], size: [Int]) -> Volume<Float> {
        Volume(geometry: Geometry(size: size, affine: .identity), voxels: voxels)
    }

    @Test func windowMapsItsBoundsToUnitRangeAndClips() {
        let result = Intensities.window(lower: -250, upper: 1250).applied(
            to: volume([-1000, -250, 500, 1250, 3000], size: [5, 1, 1]))
        #expect(result == [-1, -1, 0, 1, 1])
    }

    /// nnU-Net's own values, made by Benchmarks/golden/make_nnunet_window.py.
    @Test func ctAgreesWithNNUNet() throws {
        struct Golden: Decodable {
            struct CT: Decodable {
                let percentile_00_5, percentile_99_5, mean, std: Double
                let hounsfield: [Float]
                let values: [Float]
            }
            let ct: CT
        }
        let ct = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Fixtures.url("networks/nnunet_window.json"))
        ).ct
        let scheme = Intensities.ct(
            lower: ct.percentile_00_5, upper: ct.percentile_99_5, mean: ct.mean, deviation: ct.std)
        let values = scheme.applied(to: volume(ct.hounsfield, size: [ct.hounsfield.count, 1, 1]))
        for (value, expected) in zip(values, ct.values) {
            #expect(abs(value - expected) <= 2.4e-7 * max(1, abs(expected)))
        }
        #expect(scheme.value(ofHounsfieldUnits: -1024) == values[0] && scheme.lowerLimit == ct.percentile_00_5)
        #expect(try JSONDecoder().decode(Intensities.self, from: JSONEncoder().encode(scheme)) == scheme)
    }

    @Test func noDeviationDividesByNearlyNothing() {
        let result = Intensities.ct(lower: -10, upper: 10, mean: 0, deviation: 0).applied(
            to: volume([0, 1], size: [2, 1, 1]))
        #expect(result == [0, 1e8])
    }

    /// Written without regard to speed, in double precision, from the formulae.
    private func oracle(_ voxels: [Float], size: [Int]) -> [Double] {
        let values = voxels.map(Double.init)
        let masked = values.filter { $0 != 0 }
        let mean = masked.reduce(0, +) / Double(masked.count)
        let deviation = (masked.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(masked.count)).squareRoot()
        let standard = values.map { $0 == 0 ? 0 : ($0 - mean) / deviation }
        let taps = [8.8417e-5, 0.10556136, 0.78870045, 0.10556136, 8.8417e-5]
        var smooth = [Double](repeating: 0, count: values.count)
        for index in values.indices {
            let position = [index % size[0], index / size[0] % size[1], index / (size[0] * size[1])]
            for shift in 0..<125 {
                let offset = [shift % 5, shift / 5 % 5, shift / 25]
                let source = zip(position, offset).map { $0 + $1 - 2 }
                guard zip(source, size).allSatisfy({ (0..<$1).contains($0) }) else { continue }
                let weight = offset.map { taps[$0] }.reduce(1, *)
                smooth[index] += weight * standard[source[0] + size[0] * (source[1] + size[1] * source[2])]
            }
        }
        let (lowest, highest) = (smooth.min()!, smooth.max()!)
        return smooth.map { ($0 - lowest) / (highest - lowest) * 2 - 1 }
    }

    @Test func monaiLabelAgreesWithTheFormulae() {
        let size = [7, 5, 6]
        let voxels = (0..<210).map { index -> Float in index % 11 == 0 ? 0 : Float((index * 7919) % 1500) - 500 }
        let result = Intensities.monaiLabel.applied(to: volume(voxels, size: size))
        for (value, expected) in zip(result, oracle(voxels, size: size)) {
            #expect(abs(Double(value) - expected) < 2e-6)
        }
        #expect(result.min() == -1 && result.max() == 1)
    }

    @Test func stepsOneAfterTheOtherAreWhatTheirNamesSay() throws {
        let size = [7, 5, 6]
        let voxels = (0..<210).map { index -> Float in index % 11 == 0 ? 0 : Float((index * 7919) % 1500) - 500 }
        let steps = Intensities.steps([
            .standardise(nonZero: true), .smooth(sigma: 0.4), .stretch(lower: -1, upper: 1),
        ])
        #expect(
            steps.applied(to: volume(voxels, size: size))
                == Intensities.monaiLabel.applied(to: volume(voxels, size: size)))
        #expect(try JSONDecoder().decode(Intensities.self, from: JSONEncoder().encode(steps)) == steps)
        let three = volume([-2000, 450, 3000], size: [3, 1, 1])
        let range = IntensityStep.scaleRange(lower: -1000, upper: 1900, newLower: 0, newUpper: 2, clips: true)
        #expect(Intensities.steps([range]).applied(to: three) == [0, 1, 2])
        #expect(Intensities.steps([range]).lowerLimit == -1000 && steps.lowerLimit == nil)
        let open = IntensityStep.scaleRange(lower: -1000, upper: 1900, newLower: 0, newUpper: 2, clips: false)
        #expect(Intensities.steps([open]).applied(to: three)[0] < 0)
        // Of 0, 3, 3 all: mean 2, variance 2; of those that are not 0: no deviation.
        let zero = volume([0, 3, 3], size: [3, 1, 1])
        let all = Intensities.steps([.standardise(nonZero: false)]).applied(to: zero)
        #expect(abs(all[0] + Float(2).squareRoot()) < 1e-6 && abs(all[1] - Float(0.5).squareRoot()) < 1e-6)
        #expect(Intensities.steps([.standardise(nonZero: true)]).applied(to: zero) == [0, 0, 0])
    }

    @Test func monaiLabelStandsAConstantVolume() {
        let result = Intensities.monaiLabel.applied(to: volume([Float](repeating: 40, count: 27), size: [3, 3, 3]))
        #expect(result.allSatisfy { $0.isFinite })
    }
}
