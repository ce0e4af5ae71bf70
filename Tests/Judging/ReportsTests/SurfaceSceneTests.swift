import Anatomy
import Foundation
import Reports
import Surfaces
import Testing
import Volumes

@Suite struct SurfaceSceneTests {
    private func scene() -> SurfaceScene {
        let images = MadeReport.images(CaseReference(caseName: "a", modelName: "b"))
        return SurfaceScene(truth: images.truth, prediction: images.prediction, labelSet: .spine25)
    }

    /// A reader of the format as documented.
    private struct Decoded {
        var half: SIMD3<Float> = .zero
        var parts: [SurfacePart] = []

        init?(_ data: Data) {
            let bytes = [UInt8](data)
            var at = 4
            func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value {
                defer { at += MemoryLayout<Value>.size }
                return (0..<MemoryLayout<Value>.size).reduce(0) {
                    $0 | Value(truncatingIfNeeded: Int(bytes[at + $1]) << (8 * $1))
                }
            }
            guard bytes.prefix(4).elementsEqual("CSM1".utf8) else { return nil }
            for axis in 0..<3 { half[axis] = Float(bitPattern: integer(UInt32.self)) }
            let heads = (0..<integer(UInt32.self)).map { _ in
                (integer(UInt8.self), integer(UInt8.self), Int(integer(UInt16.self)), Int(integer(UInt32.self)))
            }
            let vertices = heads.map { head in
                (0..<head.2).map { _ -> SIMD3<Float> in
                    let code = SIMD3(
                        Float(integer(UInt16.self)), Float(integer(UInt16.self)), Float(integer(UInt16.self)))
                    return (code / 65535 * 2 - 1) * half
                }
            }
            let distances = heads.map { head in
                (0..<head.2).map { _ -> Float in
                    let code = integer(UInt16.self)
                    return code == SurfaceScene.noDistance ? .infinity : Float(code) / 100
                }
            }
            let corners = heads.map { head in
                (0..<head.3).map { _ in
                    SIMD3(UInt32(integer(UInt16.self)), UInt32(integer(UInt16.self)), UInt32(integer(UInt16.self)))
                }
            }
            guard at == bytes.count else { return nil }
            parts = heads.indices.compactMap { index in
                SurfacePart.Side(rawValue: heads[index].0).map { side in
                    SurfacePart(
                        side: side, label: heads[index].1,
                        mesh: TriangleMesh(vertices: vertices[index], triangles: corners[index]),
                        distances: distances[index])
                }
            }
        }
    }

    @Test func theEncodingGivesTheSurfacesBack() throws {
        let scene = scene()
        let decoded = try #require(Decoded(scene.encoded()))
        #expect(decoded.half == scene.halfExtent && decoded.parts.count == scene.parts.count)
        for (part, original) in zip(decoded.parts, scene.parts) {
            #expect(part.side == original.side && part.label == original.label)
            let hasSameTriangles = part.mesh.triangles == original.mesh.triangles
            #expect(hasSameTriangles)
            let step = scene.halfExtent / 65535
            let areNear = zip(part.mesh.vertices, original.mesh.vertices).allSatisfy { pair in
                let gap = pair.0 - pair.1
                return (0..<3).allSatisfy { abs(gap[$0]) <= step[$0] * 1.01 }
            }
            #expect(areNear)
            let haveSameDistances = zip(part.distances, original.distances).allSatisfy {
                $0 == $1 || abs($0 - $1) <= 0.0051
            }
            #expect(haveSameDistances)
        }
    }

    @Test func distancesAreThoseBetweenTheClasses() {
        let scene = scene()
        #expect(scene.parts.map(\.side) == [.truth, .truth, .prediction, .prediction])
        #expect(scene.parts.map(\.label) == [23, 24, 22, 23])
        // L4 is one millimetre off along one axis; L5 and the false L3 have no counterpart.
        #expect(
            abs((scene.parts[0].distances.max() ?? 0) - 1) < 1e-4
                && abs((scene.parts[3].distances.max() ?? 0) - 1) < 1e-4)
        #expect(
            scene.parts[1].distances.allSatisfy { $0 == .infinity }
                && scene.parts[2].distances.allSatisfy { $0 == .infinity })
    }

    @Test func positionsDoNotTellWhereTheScannerWas() {
        let scene = scene()
        // 17 × 16 × 40 mm around their middle, up to the smoothing of corners; the volume's origin was at (−500, 250,
        // 731).
        for part in scene.parts {
            #expect(part.mesh.vertices.allSatisfy { abs($0.x) < 9 && abs($0.y) < 9 && abs($0.z) < 21 })
        }
    }

    @Test func manyVerticesAreMergedWithinTheBudget() {
        let grid = Geometry(size: [120, 120, 120], affine: .identity)
        var labels = Volume<UInt8>(geometry: grid, repeating: 0)
        for k in 0..<120 {
            for j in 0..<120 {
                for i in 0..<120 {
                    let square = [i, j, k].reduce(0) { $0 + ($1 - 60) * ($1 - 60) }
                    if square < 55 * 55 { labels[i, j, k] = 5 }
                }
            }
        }
        let scene = SurfaceScene(truth: labels, prediction: labels, labelSet: .spine25)
        let vertices = scene.parts.reduce(0) { $0 + $1.mesh.vertices.count }
        #expect(vertices <= SurfaceScene.vertexBudget && vertices > SurfaceScene.vertexBudget / 2)
        let radii = scene.parts[0].mesh.vertices.map { ($0 * $0).sum().squareRoot() }
        #expect(radii.allSatisfy { abs($0 - 55) < 1.5 })
        #expect(scene.parts[0].distances.allSatisfy { $0 < 1e-4 })
        #expect(scene.encoded().count * 4 / 3 < 1_000_000)
    }

    @Test func smoothingTakesStairsAwayAndKeepsTheSize() {
        let grid = Geometry(size: [44, 44, 44], affine: .identity)
        var labels = Volume<UInt8>(geometry: grid, repeating: 0)
        for k in 0..<44 {
            for j in 0..<44 {
                for i in 0..<44 where [i, j, k].reduce(0, { $0 + ($1 - 22) * ($1 - 22) }) < 400 { labels[i, j, k] = 1 }
            }
        }
        let mesh = MarchingCubes.surface(of: 1, in: labels)
        func spread(_ mesh: TriangleMesh) -> (mean: Float, deviation: Float) {
            let radii = mesh.vertices.map { vertex in
                let offset = vertex - SIMD3(repeating: 22)
                return (offset * offset).sum().squareRoot()
            }
            let mean = radii.reduce(0, +) / Float(radii.count)
            return (mean, (radii.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(radii.count)).squareRoot())
        }
        let (before, after) = (spread(mesh), spread(mesh.smoothed()))
        #expect(after.deviation < before.deviation * 0.75)
        #expect(abs(after.mean - before.mean) < 0.2)
    }

    /// Seen from the front: what is nearer to the patient's front hides what is behind, and the patient's right is on
    /// the image's left.
    @Test func theStillPictureShowsWhatIsInFront() throws {
        func plate(_ label: UInt8, x: ClosedRange<Float>, front: Float, distance: Float) -> SurfacePart {
            let corners = [
                SIMD3(x.lowerBound, front, -10), SIMD3(x.upperBound, front, -10), SIMD3(x.upperBound, front, 10),
                SIMD3(x.lowerBound, front, 10),
            ]
            return SurfacePart(
                side: .truth, label: label,
                mesh: TriangleMesh(vertices: corners, triangles: [SIMD3(0, 2, 1), SIMD3(0, 3, 2)]),
                distances: [Float](repeating: distance, count: 4))
        }
        let scene = SurfaceScene(parts: [
            plate(1, x: -10...10, front: -5, distance: .infinity), plate(2, x: 0...10, front: 5, distance: 0),
        ])
        let renderer = SurfaceRenderer(azimuth: 0, elevation: 0, width: 100, height: 100)
        let picture = renderer.raster(scene, side: .truth, colouring: .classes(.spine25))
        func isNear(_ one: Colour, _ other: Colour) -> Bool {
            func ratio(_ colour: Colour) -> [Double] {
                let sum = Double(colour.red) + Double(colour.green) + Double(colour.blue)
                return [Double(colour.red) / sum, Double(colour.green) / sum]
            }
            return zip(ratio(one), ratio(other)).allSatisfy { abs($0 - $1) < 0.12 }
        }
        let (left, right) = (
            picture[picture.width / 4, picture.height / 2], picture[picture.width * 3 / 4, picture.height / 2]
        )
        let colours = try [1, 2].map { try #require(LabelSet.spine25.colour(of: $0)) }
        #expect(isNear(left, colours[1]) && isNear(right, colours[0]))
        #expect(picture[0, 0] == .white)
        let distances = renderer.raster(scene, side: .truth, colouring: .distance)
        #expect(isNear(distances[picture.width / 4, picture.height / 2], DistanceScale.colour(of: 0)))
        #expect(isNear(distances[picture.width * 3 / 4, picture.height / 2], DistanceScale.none))
    }
}
