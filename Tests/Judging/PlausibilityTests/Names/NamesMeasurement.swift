import Anatomy
import Foundation
import Phantoms
import Plausibility
import Statistics
import Testing
import Threads
import Volumes

/// Not a test of the suite but a measurement: how many vertebrae have their names, with and without anatomy, when label
/// maps of anatomical phantoms are spoilt as networks spoil them. `docs/names.md` has the figures.
///
///     COLUMNA_MEASURE_NAMES=20 swift test -c release --filter NamesMeasurement
@Suite(.enabled(if: ProcessInfo.processInfo.environment["COLUMNA_MEASURE_NAMES"] != nil), .serialized)
struct NamesMeasurement {
    private static let count = Int(ProcessInfo.processInfo.environment["COLUMNA_MEASURE_NAMES"] ?? "") ?? 0

    enum Spoiling: String, CaseIterable {
        case none, shifted, shiftedFromSomewhere, twoNames, oneNameTwice, dropped, fused, speckled, smeared
    }

    private struct Tally {
        var (cases, vertebrae, before, after, harmed, seconds) = (0, 0, 0, 0, 0, 0.0)
    }

    @Test func phantoms() throws {
        let views: [(String, ClosedRange<UInt8>)] = [
            ("C1-sacrum", 1...25), ("T8-sacrum", 15...25), ("L1-sacrum", 20...25), ("C1-T6", 1...13),
            ("T3-T11", 10...18),
            ("T10-L4", 17...23),
        ]
        print("view spoiling cases vertebrae network anatomy harmed ms")
        for (name, levels) in views {
            var tallies: [Spoiling: Tally] = [:]
            for seed in 1...UInt64(max(1, Self.count)) {
                let view = AnatomicalView(
                    coverage: .levels(levels), size: nil, spacingInMillimetres: [2, 2, 2], isTurned: false)
                let truth = try AnatomicalScene.make(seed: 500 + seed, view: view).labels
                for spoiling in Spoiling.allCases {
                    var random = SplitMix64(
                        seed: seed &* 977 &+ UInt64(Spoiling.allCases.firstIndex(of: spoiling) ?? 0))
                    measure(truth, spoilt(truth, spoiling, &random), &tallies[spoiling, default: Tally()])
                }
            }
            for spoiling in Spoiling.allCases {
                guard let one = tallies[spoiling] else { continue }
                print(
                    name, spoiling.rawValue, one.cases, one.vertebrae, percent(one.before, one.vertebrae),
                    percent(one.after, one.vertebrae), one.harmed, Int(1000 * one.seconds / Double(one.cases)))
            }
        }
    }

    /// The size of a whole-body CT: how long it takes.
    @Test func aLargeMap() throws {
        let view = AnatomicalView(
            coverage: .levels(1...25), size: nil, spacingInMillimetres: [2, 2, 2], isTurned: false)
        let truth = try AnatomicalScene.make(seed: 7, view: view).labels
        let size = [512, 512, 600]
        var large = Volume<UInt8>(
            geometry: Geometry(size: size, affine: Affine(spacingInMillimetres: [0.8, 0.8, 1.1])), repeating: 0)
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                for i in 0..<size[0] {
                    let (x, y, z) = (Int(Double(i) * 0.4), Int(Double(j) * 0.4), Int(Double(k) * 0.55))
                    guard x < truth.geometry.size[0], y < truth.geometry.size[1], z < truth.geometry.size[2] else {
                        continue
                    }
                    large.voxels[large.offset(i, j, k)] = truth[x, y, z]
                }
            }
        }
        var random = SplitMix64(seed: 1)
        for spoiling in [Spoiling.none, .shifted, .speckled] {
            let labels = spoilt(large, spoiling, &random)
            let clock = ContinuousClock()
            var changed = 0
            let time = clock.measure { changed = AnatomicalNames(labels, labelSet: .spine25).changedVoxels }
            let map = clock.measure { _ = ComponentMap(labels) }
            print("512×512×600 \(spoiling.rawValue): \(time), of which components \(map), \(changed) voxels changed")
        }
    }

    /// Label maps of patients, by their paths, spoilt in the same ways.
    @Test func files() throws {
        let paths = ProcessInfo.processInfo.environment["COLUMNA_NAMES_FILES"] ?? ""
        for path in paths.split(separator: ":").map(String.init) {
            let truth = try NIfTI.readLabels(URL(filePath: path)).reoriented(to: try #require(Orientation("RAS")))
            for spoiling in Spoiling.allCases {
                var tally = Tally()
                for seed in 1...UInt64(max(1, Self.count)) {
                    var random = SplitMix64(seed: seed)
                    measure(truth, spoilt(truth, spoiling, &random), &tally)
                }
                print(
                    "file", spoiling.rawValue, tally.cases, tally.vertebrae, percent(tally.before, tally.vertebrae),
                    percent(tally.after, tally.vertebrae), tally.harmed)
            }
        }
    }

    private func percent(_ part: Int, _ all: Int) -> String {
        String(format: "%.1f", 100 * Double(part) / Double(max(1, all)))
    }

    private func measure(_ truth: Volume<UInt8>, _ labels: Volume<UInt8>, _ tally: inout Tally) {
        let clock = ContinuousClock()
        let start = clock.now
        let names = AnatomicalNames(labels, labelSet: .spine25)
        tally.seconds += Double((clock.now - start).components.attoseconds) * 1e-18
        let (before, after) = (found(truth, labels), found(truth, names.labels))
        tally.cases += 1
        tally.vertebrae += before.count
        tally.before += before.values.count { $0 }
        tally.after += after.values.count { $0 }
        tally.harmed += before.keys.count { before[$0] == true && after[$0] == false }
        if ProcessInfo.processInfo.environment["COLUMNA_SHOW_NAMES"] != nil,
            before != after || after.values.contains(false)
        {
            for v in names.vertebrae { print("   ", v.because, String(format: "%.1f ml", v.volumeInMillilitres)) }
            for f in names.findings { print("   ", f.kind.rawValue, f.sentence) }
            print(
                "  wrong after:", after.filter { !$0.value }.keys.sorted(), "before:",
                before.filter { !$0.value }.keys.sorted())
        }
    }

    /// Of every label that the truth has: whether most of its voxels that are any bone have it.
    private func found(_ truth: Volume<UInt8>, _ labels: Volume<UInt8>) -> [UInt8: Bool] {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: 26)
        for (right, label) in zip(truth.voxels, labels.voxels) where right > 0 && right < 26 && label > 0 {
            counts[Int(right)][Int(label)] += 1
        }
        return (1...25).reduce(into: [:]) { found, label in
            let all = counts[label].reduce(0, +)
            guard all > 100 else { return }
            found[UInt8(label)] = 2 * counts[label][label] > all
        }
    }

    private func spoilt(_ truth: Volume<UInt8>, _ spoiling: Spoiling, _ random: inout SplitMix64) -> Volume<UInt8> {
        let present = (1...24).filter { truth.labelCounts[$0] > 0 }.map { UInt8($0) }
        func pick() -> UInt8 { present[Int(random.next() % UInt64(present.count))] }
        let step = random.next() % 2 == 0 ? 1 : -1
        func moved(_ label: UInt8, _ by: Int) -> UInt8 { UInt8(min(24, max(1, Int(label) + by))) }
        var table = (0...255).map { UInt8($0) }
        switch spoiling {
        case .none: return truth
        case .shifted: for label in present { table[Int(label)] = moved(label, step) }
        case .shiftedFromSomewhere:
            let first = pick()
            for label in present where label >= first { table[Int(label)] = moved(label, step) }
        case .oneNameTwice:
            let label = pick()
            table[Int(label)] = moved(label, step)
        case .dropped: table[Int(pick())] = 0
        case .twoNames:
            return split(truth, Set((0..<3).map { _ in pick() }), step)
        case .fused:
            let label = pick()
            return fused(truth, label, moved(label, step))
        case .speckled: return noisy(truth, 0.15, &random)
        case .smeared: return noisy(truth, 0.7, &random)
        }
        return truth.relabelled(by: table)
    }

    /// The lower half of some vertebrae has the next one's name.
    private func split(_ truth: Volume<UInt8>, _ labels: Set<UInt8>, _ step: Int) -> Volume<UInt8> {
        var result = truth
        let map = ComponentMap(truth)
        for label in labels {
            guard let one = map.largest(of: label) else { continue }
            for k in 0..<Int(one.centroid.z) {
                for place in truth.slice(k) where truth.voxels[place] == label {
                    result.voxels[place] = UInt8(min(24, max(1, Int(label) + step)))
                }
            }
        }
        return result
    }

    /// Two have one name, and the space between them is filled.
    private func fused(_ truth: Volume<UInt8>, _ one: UInt8, _ other: UInt8) -> Volume<UInt8> {
        var table = (0...255).map { UInt8($0) }
        table[Int(other)] = one
        var result = truth.relabelled(by: table)
        let map = ComponentMap(truth)
        guard let a = map.largest(of: one), let b = map.largest(of: other) else { return result }
        for step in 0...40 {
            let t = Double(step) / 40
            let point = a.centroid * (1 - t) + b.centroid * t
            for dj in -2...2 {
                for di in -3...3 {
                    let (i, j, k) = (Int(point.x) + di, Int(point.y) + 4 + dj, Int(point.z))
                    guard i >= 0, j >= 0, k >= 0, i < truth.geometry.size[0], j < truth.geometry.size[1],
                        k < truth.geometry.size[2], result[i, j, k] == 0
                    else { continue }
                    result[i, j, k] = one
                }
            }
        }
        return result
    }

    private func noisy(_ truth: Volume<UInt8>, _ share: Float, _ random: inout SplitMix64) -> Volume<UInt8> {
        var result = truth
        for place in result.voxels.indices
        where (1...24).contains(result.voxels[place]) && random.nextUnitFloat() < share {
            let off = Int(random.next() % 5) - 2
            result.voxels[place] = UInt8(min(24, max(1, Int(result.voxels[place]) + off)))
        }
        return result
    }
}
