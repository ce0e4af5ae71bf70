/// How Hounsfield units become stored values: 12 unsigned bits above −1024 as scanners do, or 16 signed bits where
/// those do not suffice.
struct PixelStorage: Sendable {
    let isSigned: Bool
    var bits: Int { isSigned ? 16 : 12 }
    var intercept: Int { isSigned ? 0 : -1024 }

    init(_ voxels: [Int16]) {
        isSigned = !voxels.allSatisfy { (-1024...3071).contains($0) }
    }

    func stored(_ value: Int16) -> UInt16 {
        isSigned ? UInt16(bitPattern: value) : UInt16(Int(value) + 1024)
    }
}
