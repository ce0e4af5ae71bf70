// Signed distances in millimetres, negative inside. Those of ellipses and stretched tubes are first-order, exact at the
// surface.

import Volumes

typealias Point = SIMD3<Float>

/// An ellipse around the origin with half axes `a` and `b`.
@inline(__always)
func ellipseDistance(_ x: Float, _ y: Float, _ a: Float, _ b: Float) -> Float {
    let (u, v) = (x / a, y / b)
    let radius = (u * u + v * v).squareRoot()
    let (gu, gv) = (u / a, v / b)
    let slope = (gu * gu + gv * gv).squareRoot()
    return slope > 1e-6 ? radius * (radius - 1) / slope : -min(a, b)
}

/// An ellipsoid around the origin.
@inline(__always)
func ellipsoidDistance(_ place: Point, _ axes: Point) -> Float {
    let unit = place / axes
    let radius = unit.length
    let slope = (unit / axes).length
    return slope > 1e-6 ? radius * (radius - 1) / slope : -axes.min()
}

/// A tube with round ends.
@inline(__always)
func capsuleDistance(_ place: Point, _ start: Point, _ end: Point, _ radius: Float) -> Float {
    let axis = end - start
    let along = min(max((place - start).dot(axis) / axis.dot(axis), 0), 1)
    return (place - start - axis * along).length - radius
}

/// A tube whose section is an ellipse: `radius` across, `height` along z.
@inline(__always)
func bladeDistance(_ place: Point, _ start: Point, _ end: Point, _ radius: Float, _ height: Float) -> Float {
    let axis = end - start
    let along = min(max((place - start).dot(axis) / axis.dot(axis), 0), 1)
    var offset = place - start - axis * along
    offset.z *= radius / height
    return offset.length - radius
}

/// The union of two shapes with a fillet about `blend` mm wide.
@inline(__always)
func smoothUnion(_ left: Float, _ right: Float, _ blend: Float) -> Float {
    let overlap = max(blend - abs(left - right), 0)
    return min(left, right) - overlap * overlap / (4 * blend)
}

/// The common part of two shapes with a rounded edge.
@inline(__always)
func smoothIntersection(_ left: Float, _ right: Float, _ blend: Float) -> Float {
    -smoothUnion(-left, -right, blend)
}

/// How much of a voxel `edge` mm wide a surface at this distance covers.
@inline(__always)
func coverage(_ distance: Float, edge: Float) -> Float {
    min(max(0.5 - distance / edge, 0), 1)
}

@inline(__always)
func mix(_ from: Float, _ to: Float, _ share: Float) -> Float { from + (to - from) * share }
