extension SIMD3<Double> {
    var length: Double { (self * self).sum().squareRoot() }
    var normalized: SIMD3<Double> { self / length }
    func cross(_ other: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }
}
