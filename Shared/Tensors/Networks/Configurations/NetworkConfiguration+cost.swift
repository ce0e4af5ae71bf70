extension NetworkConfiguration {
    /// Multiplications of one forward pass, convolutions computed directly, for one sample of `size` (depth, height,
    /// width); of the heads only the one at full resolution.
    package func multiplications(size: [Int]) -> Int {
        switch self {
        case .segResNet(let configuration): Self.multiplications(configuration, size)
        case .plainUNet(let configuration):
            Self.multiplications(configuration, PlainUNet.parameterTable(configuration), size)
        case .residualEncoderUNet(let configuration):
            Self.multiplications(configuration, ResidualEncoderUNet.parameterTable(configuration), size)
        }
    }

    /// Every convolution's weight is used once per voxel of its level.
    private static func multiplications(_ c: SegResNet.Configuration, _ size: [Int]) -> Int {
        let voxels = (0..<c.levels).map { level in size.reduce(1) { $0 * ($1 >> level) } }
        return SegResNet.parameterTable(c).reduce(0) { sum, entry in
            guard entry.shape.count == 5 else { return sum }
            let parts = entry.name.split(separator: ".")
            let place = Int(parts[1]) ?? 0
            let level =
                switch parts[0] {
                case "down_layers": place
                case "up_layers": c.levels - 2 - place
                case "up_samples": c.levels - 1 - place
                default: 0
                }
            return sum + entry.shape.reduce(1, *) * voxels[level]
        }
    }

    private static func multiplications(
        _ c: some UNetConfiguration, _ table: [(name: String, shape: [Int])], _ size: [Int]
    ) -> Int {
        var voxels: [Int] = []
        var extent = size
        for strides in c.strides {
            extent = zip(extent, strides).map { $0 / $1 }
            voxels.append(extent.reduce(1, *))
        }
        return table.reduce(0) { sum, entry in
            guard entry.shape.count == 5 else { return sum }
            let parts = entry.name.split(separator: ".")
            let place = Int(parts[2]) ?? 0
            if parts[1] == "seg_layers", place < c.stages - 2 { return sum }
            let level =
                switch (parts[0], parts[1]) {
                case ("encoder", "stages"): place
                // A transposed convolution uses each weight once per voxel of its input.
                case ("decoder", "transpconvs"): c.stages - 1 - place
                case ("decoder", _): c.stages - 2 - place
                default: 0
                }
            return sum + entry.shape.reduce(1, *) * voxels[level]
        }
    }
}
