import Anatomy
import Faults
import Foundation
import Phantoms
import Testing
import Volumes

struct PhantomTests {
    /// The whole spine, coarse enough to be quick.
    private static let coarse = PhantomConfiguration(coverage: .levels(1...25), spacingInMillimetres: [3, 3, 3])

    @Test func everyClassIsThereInAnatomicalOrder() throws {
        for seed: UInt64 in [1, 2] {
            let (_, labels) = try Phantom.make(seed: seed, configuration: PhantomTests.coarse)
            let centres = Statistics.centres(labels)
            #expect(centres.keys.sorted() == LabelSet.spine25.labels.map(\.value))
            let heights = (1...25).compactMap { centres[UInt8($0)]?.z }
            #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 > $1 }, "heights \(heights)")
            #expect(Statistics.counts(labels).dropFirst().allSatisfy { $0 > 150 })
        }
    }

    @Test func vertebraeGrowDownwards() throws {
        let (_, labels) = try Phantom.make(seed: 3, configuration: PhantomTests.coarse)
        let counts = Statistics.counts(labels)
        #expect(counts[25] > counts[23] && counts[23] > 2 * counts[12] && counts[12] > counts[4])
    }

    @Test func sameSeedGivesTheSameVoxels() throws {
        let configuration = PhantomConfiguration(
            coverage: .levels(20...24), size: [48, 48, 60], spacingInMillimetres: [3, 3, 3])
        let first = try Phantom.make(seed: 11, configuration: configuration)
        let second = try Phantom.make(seed: 11, configuration: configuration)
        let other = try Phantom.make(seed: 12, configuration: configuration)
        #expect(first.ct == second.ct && first.labels == second.labels)
        #expect(first.ct != other.ct && first.labels != other.labels)
    }

    @Test func labelsLieInBone() throws {
        let (ct, labels) = try Phantom.make(seed: 4, configuration: .lumbar)
        let values = zip(ct.voxels, labels.voxels).filter { $0.1 > 0 }.map(\.0)
        let bone = values.filter { $0 > 90 }
        #expect(Double(bone.count) > 0.93 * Double(values.count))
        #expect(try #require(values.max()) > 600)
    }

    @Test func tissuesHaveTheirHounsfieldUnits() throws {
        let (ct, labels) = try Phantom.make(seed: 5, configuration: PhantomTests.coarse)
        let background = zip(ct.voxels, labels.voxels).filter { $0.1 == 0 }.map(\.0)
        func share(_ range: ClosedRange<Int16>) -> Double {
            Double(background.filter(range.contains).count) / Double(background.count)
        }
        #expect(share(-1024...(-930)) > 0.05, "air")
        #expect(share(-900...(-700)) > 0.02, "lung")
        #expect(share(-150...(-60)) > 0.05, "fat")
        #expect(share(0...90) > 0.2, "soft tissue")
        #expect(share(300...3071) > 0.002, "ribs, pelvis and skull")
    }

    @Test func fieldOfViewCutsTheSpine() throws {
        let (_, labels) = try Phantom.make(seed: 6, configuration: .lumbar)
        let present = Statistics.centres(labels).keys.sorted()
        #expect(labels.geometry.size == [96, 96, 160])
        #expect(Set(present).isSuperset(of: [20, 21, 22, 23, 24, 25]))
        #expect(!present.contains(16))
    }

    @Test(arguments: ["LPS", "RAS", "PIR", "LAS"])
    func gridFollowsTheOrientationAsked(letters: String) throws {
        var configuration = PhantomConfiguration(
            coverage: .levels(21...23), size: [30, 32, 34], spacingInMillimetres: [3, 3.5, 4])
        configuration.orientation = letters
        let (ct, labels) = try Phantom.make(seed: 7, configuration: configuration)
        #expect(ct.geometry.orientation.description == letters)
        #expect(ct.geometry == labels.geometry)
        #expect(ct.geometry.size == [30, 32, 34])
        let centres = Statistics.centres(labels)
        #expect(try #require(centres[21]).z > #require(centres[23]).z)
    }

    @Test func nonsenseIsRefused() throws {
        func refuses(_ change: (inout PhantomConfiguration) -> Void) -> Bool {
            var configuration = PhantomConfiguration.lumbar
            change(&configuration)
            do {
                _ = try Phantom.make(seed: 1, configuration: configuration)
                return false
            } catch {
                return error.code == .invalidConfiguration
            }
        }
        #expect(refuses { $0.size = [10, 10] })
        #expect(refuses { $0.size = [10, 10, 0] })
        #expect(refuses { $0.spacingInMillimetres = [1, 1, 0] })
        #expect(refuses { $0.orientation = "LLS" })
        #expect(refuses { $0.noiseInHounsfieldUnits = -1 })
        #expect(refuses { $0.coverage = .levels(0...4) })
        #expect(refuses { $0.coverage = .levels(4...26) })
    }
}
