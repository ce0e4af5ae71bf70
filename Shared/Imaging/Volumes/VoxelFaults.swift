/// Voxels that are not what was asked for: how many, and which comes first, whatever the order in which pieces are
/// looked at.
struct VoxelFaults: Sendable {
    var count = 0
    /// Its position in the volume's order.
    var first: (position: Int, value: Double)?

    mutating func add(_ count: Int, first new: (position: Int, value: Double)?) {
        self.count += count
        if let new, new.position < first?.position ?? .max { first = new }
    }

    /// NaN and infinities among `values`, the first of which is voxel `position`.
    static func nonFinite(_ values: Span<Float>, from position: Int) -> VoxelFaults {
        let exponent: UInt32 = 0x7F80_0000
        var faults = VoxelFaults()
        // Counted without a branch: hardly a volume has any.
        var count: UInt32 = 0
        for place in values.indices { count &+= values[place].bitPattern & exponent == exponent ? 1 : 0 }
        guard count > 0, let first = values.indices.first(where: { !values[$0].isFinite }) else { return faults }
        faults.add(Int(count), first: (position + first, Double(values[first])))
        return faults
    }
}
