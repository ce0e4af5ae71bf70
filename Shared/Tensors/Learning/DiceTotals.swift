/// The sums of a Dice loss over all voxels of each sample, and what follows from them.
struct DiceTotals {
    private let layout: DiceCrossEntropy.Layout
    private let form: DiceCrossEntropy.Form
    private let smoothing: Double
    /// Σ −log p[truth] over all samples.
    private var logarithms = 0.0
    /// Per sample, or once for all of them: Σpg, Σp, Σg per class.
    private var sums: [[Double]]

    /// - Parameter blocks: as `Layout` orders them, of each block Σpg, Σp, Σg per class, then Σ −log p[truth].
    init(_ layout: DiceCrossEntropy.Layout, _ blocks: [Double], _ form: DiceCrossEntropy.Form, smoothing: Double) {
        (self.layout, self.form, self.smoothing) = (layout, form, smoothing)
        let width = layout.sumsPerBlock
        let isShared = form == .nnUNet(batchDice: true)
        sums = [[Double]](repeating: [Double](repeating: 0, count: width - 1), count: isShared ? 1 : layout.samples)
        for block in 0..<layout.blocks {
            let group = isShared ? 0 : layout.range(block).sample
            for entry in 0..<width - 1 { sums[group][entry] += blocks[block * width + entry] }
            logarithms += blocks[block * width + width - 1]
        }
    }

    private func counts(_ group: [Double], _ label: Int) -> Bool {
        switch form {
        case .monai: true
        case .presentClasses: group[2 * layout.classes + label] > 0
        // Without the background.
        case .nnUNet: label >= min(1, layout.classes - 1)
        }
    }

    private var terms: Double {
        Double(sums.reduce(0) { sum, group in sum + (0..<layout.classes).count { counts(group, $0) } })
    }

    /// Σp + Σg + ε.
    private func union(_ group: [Double], _ label: Int) -> Double {
        group[layout.classes + label] + group[2 * layout.classes + label] + smoothing
    }

    var dice: Double {
        let coefficients = sums.map { group in
            (0..<layout.classes).reduce(0.0) { sum, label in
                counts(group, label) ? sum + (2 * group[label] + smoothing) / union(group, label) : sum
            }
        }
        if case .nnUNet = form { return -coefficients.reduce(0, +) / terms }
        return 1 - coefficients.reduce(0, +) / terms
    }

    var crossEntropy: Double { logarithms / Double(layout.samples * layout.voxels) }

    /// a = (2I + ε)/U² and b = −2/U, both over the number of terms, for each of these samples and class; 0 for a class that does
    /// not count.
    func slopes(_ samples: Range<Int>) -> [Float] {
        let terms = terms
        let groups = sums.map { group in
            (0..<layout.classes).flatMap { label -> [Float] in
                guard counts(group, label) else { return [0, 0] }
                let union = union(group, label)
                return [Float((2 * group[label] + smoothing) / (union * union) / terms), Float(-2 / union / terms)]
            }
        }
        return samples.flatMap { groups[groups.count == 1 ? 0 : $0] }
    }
}
