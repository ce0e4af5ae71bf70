package import Anatomy
import Surfaces

/// Draws surfaces without graphics hardware: parallel projection, depth buffer, light from beside the viewer. What
/// print, and a browser without WebGL, shows in place of the turning picture.
package struct SurfaceRenderer {
    package enum Colouring {
        case classes(LabelSet)
        case distance
    }

    /// Degrees the viewer stands from the patient's front, towards the patient's right.
    package var azimuth: Double
    /// Degrees above the horizontal.
    package var elevation: Double
    package var width: Int
    package var height: Int
    package var background = Colour.white

    package init(azimuth: Double = -118, elevation: Double = 12, width: Int = 300, height: Int = 440) {
        self.azimuth = azimuth
        self.elevation = elevation
        self.width = width
        self.height = height
    }

    /// Samples per pixel and axis.
    private static let samples = 2

    package func raster(_ scene: SurfaceScene, side: SurfacePart.Side, colouring: Colouring) -> Raster {
        let view = ViewAxes(azimuth: azimuth, elevation: elevation)
        let extent = view.extent(of: scene.halfExtent)
        let scale =
            min(Float(width) * 0.94 / (2 * extent.x), Float(height) * 0.94 / (2 * extent.y)) * Float(Self.samples)
        func pixels(_ half: Float) -> Int { max(16, Int((2 * half * scale / 0.94).rounded(.up)) / Self.samples) }
        var buffer = DepthBuffer(width: pixels(extent.x) * Self.samples, height: pixels(extent.y) * Self.samples)
        let middle = SIMD3(Float(buffer.width) / 2, Float(buffer.height) / 2, 0)
        for part in scene.parts where part.side == side {
            let projected = part.mesh.vertices.map { vertex in
                let seen = view.projected(vertex)
                return middle + SIMD3(seen.x * scale, -seen.y * scale, seen.z)
            }
            let normals = part.mesh.vertexNormals.map(view.projected)
            let colours = part.distances.map { colour(part.label, $0, colouring) }
            for triangle in part.mesh.triangles {
                let corners = (0..<3).map { Int(triangle[$0]) }
                buffer.draw(
                    corners.map {
                        DepthBuffer.Corner(position: projected[$0], normal: normals[$0], colour: colours[$0])
                    })
            }
        }
        return buffer.raster(samples: Self.samples, background: background)
    }

    private func colour(_ label: UInt8, _ distance: Float, _ colouring: Colouring) -> SIMD3<Float> {
        let colour =
            switch colouring {
            case .classes(let set): set.colour(of: label) ?? DistanceScale.none
            case .distance: DistanceScale.colour(of: distance)
            }
        return SIMD3(Float(colour.red), Float(colour.green), Float(colour.blue))
    }
}
