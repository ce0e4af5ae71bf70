extension Augmentation {
    package static let none = Augmentation(.none)
    package static let light = Augmentation(.light)
    package static let nnUNet = Augmentation(.nnUNet)
    package static let strong = Augmentation(.strong)

    package init(_ preset: Preset) {
        self.preset = preset
        // nnU-Net's ranges, with its probabilities or none.
        func chance(_ probability: Double, _ range: ClosedRange<Double>) -> Chance {
            Chance(preset == .nnUNet ? probability : 0, range)
        }
        rotation = chance(0.2, -30...30)
        rotationInPlane = chance(0.2, -180...180)
        scaling = chance(0.2, 0.7...1.4)
        elastic = Elastic(probability: 0, smoothness: 0.08...0.2, displacement: 0...6)
        noise = chance(0.1, 0...0.1)
        // nnU-Net draws 0.2, and then 0.5 for the channel.
        blur = chance(0.1, 0.5...1)
        brightness = chance(0.15, 0.75...1.25)
        contrast = chance(0.15, 0.75...1.25)
        // 0.25 and 0.5.
        lowResolution = chance(0.125, 0.5...1)
        invertedGamma = chance(0.1, 0.7...1.5)
        gamma = chance(0.3, 0.7...1.5)
        mirroring = Mirroring(probability: preset == .nnUNet ? 0.5 : 0, axes: .all)
        jitter = preset == .light ? Jitter() : nil
        if preset == .strong { strengthen() }
    }

    private mutating func strengthen() {
        rotation = Chance(0.4, -20...20)
        rotationInPlane = Chance(0.4, -20...20)
        scaling = Chance(0.4, 0.75...1.3)
        elastic.probability = 0.2
        noise.probability = 0.15
        blur.probability = 0.15
        brightness.probability = 0.2
        contrast.probability = 0.2
        lowResolution.probability = 0.15
        invertedGamma.probability = 0.1
        gamma.probability = 0.3
        mirroring = Mirroring(probability: 0.5, axes: .leftRight)
    }
}
