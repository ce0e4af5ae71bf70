import Plausibility
import Testing
import Threads
import Volumes

@Suite struct ComponentMapTests {
    /// Few labels in blobs and in noise, so that components of all shapes meet at faces, edges and corners.
    private static func noise(_ size: [Int], seed: UInt64, labels: UInt64, background: UInt64) -> Volume<UInt8> {
        var state = seed
        let voxels = (0..<size.reduce(1, *)).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let draw = (state >> 33) % (labels + background)
            return draw < labels ? UInt8(draw + 1) : 0
        }
        return Volume(geometry: Geometry(size: size, affine: .identity), voxels: voxels)
    }

    private struct Found: Equatable, Hashable {
        var voxels: Int
        var sum: [Int]
        var lower: [Int]
        var upper: [Int]
    }

    /// The components of one label by flooding, one voxel after the other.
    private static func flooded(_ volume: Volume<UInt8>, _ label: UInt8) -> [Found] {
        let size = volume.geometry.size
        var seen = [Bool](repeating: false, count: volume.voxels.count)
        var all: [Found] = []
        for start in volume.voxels.indices where volume.voxels[start] == label && !seen[start] {
            var found = Found(voxels: 0, sum: [0, 0, 0], lower: [.max, .max, .max], upper: [.min, .min, .min])
            var stack = [start]
            seen[start] = true
            while let voxel = stack.popLast() {
                let at = [voxel % size[0], voxel / size[0] % size[1], voxel / size[0] / size[1]]
                found.voxels += 1
                for axis in 0..<3 {
                    found.sum[axis] += at[axis]
                    found.lower[axis] = min(found.lower[axis], at[axis])
                    found.upper[axis] = max(found.upper[axis], at[axis])
                }
                for step in 0..<27 {
                    let to = [at[0] + step % 3 - 1, at[1] + step / 3 % 3 - 1, at[2] + step / 9 - 1]
                    guard (0..<3).allSatisfy({ (0..<size[$0]).contains(to[$0]) }) else { continue }
                    let next = volume.offset(to[0], to[1], to[2])
                    guard volume.voxels[next] == label, !seen[next] else { continue }
                    seen[next] = true
                    stack.append(next)
                }
            }
            all.append(found)
        }
        return all
    }

    @Test(arguments: [
        ([9, 7, 8], 2, 1), ([9, 7, 8], 2, 10), ([33, 5, 20], 3, 6), ([1, 1, 40], 2, 1), ([40, 1, 1], 2, 1),
        ([1, 30, 1], 1, 1), ([17, 18, 19], 1, 12), ([12, 12, 70], 4, 20),
        ([10, 10, 10], 1, 0),
    ])
    func componentsAreThoseOfAFlood(size: [Int], labels: Int, background: Int) throws {
        for seed in 1...4 {
            let volume = Self.noise(size, seed: UInt64(seed), labels: UInt64(labels), background: UInt64(background))
            for threads in [1, 3] {
                let map = ComponentMap(volume, pool: ComputePool(threads: threads))
                #expect(map.byLabel[0] == nil && map.byLabel[labels + 1] == nil)
                for label in 1...UInt8(labels) {
                    let truth = Self.flooded(volume, label)
                    guard let found = map[label] else {
                        #expect(truth.isEmpty)
                        continue
                    }
                    #expect(found.count == truth.count && found.voxels == truth.map(\.voxels).reduce(0, +))
                    let listed = map.components[found.listed].map { one in
                        Found(
                            voxels: one.voxels,
                            sum: (0..<3).map { Int((one.centroid[$0] * Double(one.voxels)).rounded()) },
                            lower: (0..<3).map { one.lower[$0] },
                            upper: (0..<3).map { one.upper[$0] })
                    }
                    #expect(listed.count == min(truth.count, ComponentMap.listedPerLabel))
                    // Each is one of the flood's, and they are its largest.
                    #expect(Set(listed).isSubset(of: Set(truth)))
                    #expect(
                        listed.map(\.voxels)
                            == Array(truth.map(\.voxels).sorted(by: >).prefix(ComponentMap.listedPerLabel)))
                }
            }
        }
    }

    /// Every second voxel of every second row of every second plane, in two labels by turns.
    @Test func aMillionComponentsAreCounted() throws {
        let edge = 200
        var volume = Volume<UInt8>(geometry: Geometry(size: [edge, edge, edge], affine: .identity), repeating: 0)
        for k in stride(from: 0, to: edge, by: 2) {
            for j in stride(from: 0, to: edge, by: 2) {
                for i in stride(from: 0, to: edge, by: 2) { volume[i, j, k] = UInt8(1 + i / 2 % 2) }
            }
        }
        // Lengthens the one at i = 12, touches only label 2 at i = 10.
        volume[11, 10, 10] = 1
        let map = ComponentMap(volume)
        let (first, second) = (try #require(map[1]), try #require(map[2]))
        #expect(first.count == 500_000 && second.count == 500_000)
        #expect(first.voxels == 500_001 && second.voxels == 500_000)
        #expect(map.largest(of: 1)?.voxels == 2 && map.largest(of: 2)?.voxels == 1)
    }

    /// No two neighbours alike: a run a voxel.
    @Test func aLabelMapWithoutAnyRunsIsOneComponentALabel() throws {
        let size = [64, 64, 64]
        var volume = Volume<UInt8>(geometry: Geometry(size: size, affine: .identity), repeating: 0)
        for k in 0..<64 { for j in 0..<64 { for i in 0..<64 { volume[i, j, k] = UInt8(1 + (i + j + k) % 2) } } }
        let map = ComponentMap(volume)
        for label in [UInt8(1), 2] {
            #expect(map[label]?.count == 1 && map[label]?.voxels == 131_072)
            #expect(map.largest(of: label)?.touchesEdge(of: size) == true)
        }
    }

    @Test func aComponentBehindTheOuterVoxelsDoesNotTouchTheEdge() throws {
        var volume = Volume<UInt8>(geometry: Geometry(size: [5, 5, 5], affine: .identity), repeating: 0)
        volume[1, 3, 2] = 9
        #expect(try #require(ComponentMap(volume).largest(of: 9)).touchesEdge(of: [5, 5, 5]) == false)
        volume[1, 4, 2] = 9
        #expect(try #require(ComponentMap(volume).largest(of: 9)).touchesEdge(of: [5, 5, 5]))
    }
}
