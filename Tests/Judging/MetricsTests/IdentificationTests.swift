import Anatomy
import Metrics
import Testing
import Volumes

@Suite struct IdentificationTests {
    /// A spine of 6 mm × 6 mm × 6 mm blocks, one every 10 mm from slice 2 on.
    private func spine(_ labels: [UInt8], offset: Int = 0) -> Volume<UInt8> {
        let grid = Geometry(size: [10, 10, 80], affine: .identity)
        var volume = Volume<UInt8>(geometry: grid, repeating: 0)
        for (place, label) in labels.enumerated() {
            for k in 0..<6 { for j in 2..<8 { for i in 2..<8 { volume[i, j, 2 + offset + 10 * place + k] = label } } }
        }
        return volume
    }

    private func identification(_ truth: [UInt8], _ prediction: [UInt8], offset: Int = 0) throws -> Identification {
        try CaseMetrics.measure(
            truth: spine(truth), prediction: spine(prediction, offset: offset), labelSet: .spine25,
            options: MetricOptions(measuresMeshes: false)
        ).identification
    }

    @Test func allFoundIsAllIdentified() throws {
        let found = try identification([20, 21, 22, 23, 24, 25], [20, 21, 22, 23, 24, 25], offset: 1)
        #expect(
            found == Identification(identificationRate: 1, detectionPrecision: 1, detectionRecall: 1, labelShift: nil))
    }

    @Test func spinesCalledOneOffAreFoundButNotIdentified() throws {
        for shift in [-2, -1, 1] {
            let truth: [UInt8] = [19, 20, 21, 22, 23]
            let found = try identification(truth, truth.map { UInt8(Int($0) + shift) })
            #expect(
                found
                    == Identification(
                        identificationRate: 0, detectionPrecision: 1, detectionRecall: 1, labelShift: shift))
        }
    }

    /// 20 mm off is still within reach of its own, but nearer to another.
    @Test func theNearestCentroidMustBeItsOwn() throws {
        let found = try identification([20, 21, 22, 23], [20, 0, 0, 22])
        #expect(
            found.identificationRate == 0.25 && found.detectionPrecision == 1 && found.detectionRecall == 0.5
                && found.labelShift == nil)
    }

    @Test func centroidsBeyondTwentyMillimetresAreNotTheirOwn() throws {
        #expect(try identification([20], [0, 0, 20]).identificationRate == 1)
        #expect(try identification([20], [0, 0, 20], offset: 1).identificationRate == 0)
    }

    @Test func swappedNeighboursAreNoShiftOfTheSpine() throws {
        let found = try identification([19, 20, 21, 22], [19, 21, 20, 22])
        #expect(found.labelShift == nil && found.identificationRate == 0.5 && found.detectionRecall == 1)
    }

    @Test func oneVertebraAloneIsNoShift() throws {
        #expect(try identification([20], [21]).labelShift == nil)
        #expect(try identification([20, 21, 22, 23], [21, 22, 23, 23]).labelShift == 1)
    }

    @Test func withoutClassesThereIsNoRate() throws {
        let missed = try identification([20], [])
        #expect(
            missed
                == Identification(identificationRate: 0, detectionPrecision: nil, detectionRecall: 0, labelShift: nil))
        let invented = try identification([], [20])
        #expect(
            invented
                == Identification(identificationRate: nil, detectionPrecision: 0, detectionRecall: nil, labelShift: nil)
        )
    }
}
