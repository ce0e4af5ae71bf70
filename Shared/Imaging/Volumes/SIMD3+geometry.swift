// Positions and directions in space. Written for each type of number, and compiled into whoever asks: the search for
// the nearest triangle and the drawing of phantoms do little else, also in a debug build, where generic code crawls.

extension SIMD3<Double> {
    @inlinable @inline(__always)
    package func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }

    /// At right angles to both, by the right hand; as long as the parallelogram between them is large.
    @inlinable @inline(__always)
    package func cross(_ other: Self) -> Self {
        Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    @inlinable package var squaredLength: Double { dot(self) }
    @inlinable package var length: Double { squaredLength.squareRoot() }

    /// The direction, with length 1; not a number where there is none.
    @inlinable package var normalized: Self { self / length }
}

extension SIMD3<Float> {
    @inlinable @inline(__always)
    package func dot(_ other: Self) -> Float { x * other.x + y * other.y + z * other.z }

    /// As of doubles.
    @inlinable @inline(__always)
    package func cross(_ other: Self) -> Self {
        Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    @inlinable @inline(__always) package var length: Float { dot(self).squareRoot() }
}
