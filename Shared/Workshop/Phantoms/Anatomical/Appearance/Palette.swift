import Statistics

/// The Hounsfield units of one scene: what each tissue and bone looks like in this patient, this phase of the contrast
/// medium and this scanner.
struct Palette: Sendable {
    /// Of a tissue.
    struct Tone: Sendable {
        var mean: Float
        /// How much its lumps and its grain differ.
        var lumps: Float
        var grain: Float
    }

    struct BoneTone: Sendable {
        var core: Float
        var shell: Float
        /// Of the shell, mm.
        var thickness: Float
        /// How much trabeculae differ.
        var grain: Float
        /// Of lesions, sclerotic above 0, lytic below; 0: none.
        var lesion: Float = 0
    }

    let tones: [Tone]
    /// By the painted bones' order.
    let bones: [BoneTone]
    /// Whether nothing of it is as in a CT.
    let isArbitrary: Bool

    init(_ values: [UInt8], _ random: inout SplitMix64) {
        isArbitrary = random.chance(10)
        let hasContrast = random.chance(55)
        let arterial = hasContrast ? random.value(in: 60...350) : 0
        let venous = hasContrast ? arterial * random.value(in: 0.3...1.1) : 0
        var tones = Tissue.allCases.map { Self.usual($0, arterial: arterial, venous: venous, &random) }
        let density = random.value(in: 10...230) + (random.chance(12) ? random.value(in: 0...150) : 0)
        let compact = random.value(in: 450...1300)
        // Walls of bodies are thinner than what stands in books of arches; those are thicker (`BoneCanvas.shell`).
        let thickness = random.logarithmic(in: 0.4...1.6)
        let lesion = random.chance(6) ? random.value(in: -150...500) : 0
        let trabeculae = random.value(in: 10...60)
        var bones = values.map { value in
            var tone = BoneTone(
                core: density * random.value(in: 0.85...1.15) + (value < 8 ? 120 : value < 20 ? 25 : 0),
                shell: compact * random.value(in: 0.9...1.1), thickness: thickness * random.value(in: 0.85...1.15),
                grain: trabeculae, lesion: lesion)
            // The neck's small bones are mostly compact.
            if value < 8 { tone.thickness *= 1.7 }
            switch BoneKind(rawValue: value) {
            case .skull: (tone.core, tone.thickness) = (tone.core + 500, thickness + 1)
            case .femur, .arm: (tone.core, tone.thickness) = (tone.core * 0.9, thickness + 1.5)
            case .tooth: (tone.core, tone.shell) = (1200, random.value(in: 1500...3000))
            case .hip: tone.thickness *= 1.5
            case .rib, .shoulder: tone.thickness *= 1.2
            case .sternum: tone.core += 20
            default: break
            }
            return tone
        }
        if isArbitrary {
            let (low, high) = (random.value(in: -1000...0), random.value(in: 200...2000))
            for index in tones.indices {
                tones[index] = Tone(
                    mean: random.value(in: low...high), lumps: random.value(in: 0...60), grain: random.value(in: 0...40)
                )
            }
            let (core, shell) = (random.value(in: low...high), random.value(in: low...high))
            for index in bones.indices {
                let isSpine = values[index] <= 25
                bones[index].core = isSpine ? core : random.value(in: low...high)
                bones[index].shell = isSpine ? shell : random.value(in: low...high)
            }
        }
        self.tones = tones
        self.bones = bones
    }

    private static func usual(
        _ tissue: Tissue, arterial: Float, venous: Float, _ random: inout SplitMix64
    ) -> Tone {
        let (low, high, lumps, grain): (Float, Float, Float, Float) =
            switch tissue {
            case .air: (-1024, -985, 0, 2)
            case .skin: (-20, 60, 10, 10)
            case .fat: (-125, -80, 6, 8)
            case .muscle: (35, 75, 9, 12)
            case .fascia: (-70, 20, 15, 20)
            case .visceralFat: (-120, -60, 12, 18)
            case .bowel: (0, 70, 22, 20)
            case .bowelContrast: (130, 700, 60, 40)
            case .gas: (-1000, -700, 20, 20)
            case .lung: (-920, -650, 35, 45)
            case .airway: (-1000, -950, 5, 5)
            case .artery: (30 + arterial, 55 + arterial, 5, 5)
            case .vein: (30 + venous, 55 + venous, 6, 6)
            case .plaque: (250, 1100, 50, 80)
            case .heart: (30 + 0.7 * venous, 60 + 0.9 * arterial, 25, 10)
            case .liver: (30 + 0.2 * venous, 75 + 0.3 * venous, 7, 6)
            case .spleen: (40 + 0.3 * venous, 60 + 0.5 * arterial, 6, 5)
            case .kidney: (25 + 0.4 * venous, 50 + 0.9 * arterial, 15, 12)
            case .bladder: (-5, arterial > 0 && random.chance(20) ? 600 : 20, 4, 4)
            case .disc: random.chance(4) ? (-120, 300, 30, 30) : (50, 120, 8, 10)
            case .cord: (30, 60, 3, 4)
            case .fluid: random.chance(2) ? (150, 700, 20, 10) : (0, 40, 5, 6)
            case .brain: (25, 50, 4, 4)
            case .cartilage: (60, 180, 20, 20)
            case .table: (-700, 250, 20, 20)
            case .metal: (2200, 6000, 0, 0)
            }
        return Tone(
            mean: random.value(in: low...high), lumps: lumps * random.value(in: 0.5...1.8),
            grain: grain * random.value(in: 0.5...1.8))
    }
}
