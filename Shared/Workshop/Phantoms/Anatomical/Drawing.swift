import Statistics
import Volumes

/// The voxels of one window of one scene.
struct Drawing {
    private let window: SceneWindow
    private let places: Places
    private let bones: BoneCanvas
    private let tissues: Samples<UInt8>
    /// What each number of `bones.winner` is: a `spine-25` value or a `BoneKind`.
    private let values: [UInt8]
    private let metal: [Tube]
    /// What the reconstruction shows where it is round: in the slices' planes; nil: all.
    private let circle: FieldCircle?
    private let lumps: Samples<Float>
    private let grain: Samples<Float>
    private let fine: Samples<Float>

    init(_ skeleton: Skeleton, _ window: SceneWindow, _ bank: ShapeBank, _ random: inout SplitMix64) {
        self.window = window
        places = Places(window, bend: random.value(in: 3...8), &random)
        lumps = SmoothField.draw(window, scale: random.value(in: 14...32), &random)
        grain = SmoothField.draw(window, scale: random.value(in: 5...9), &random)
        fine = SmoothField.draw(window, scale: max(random.value(in: 2.2...4), window.edge), &random)
        let canvas = BoneCanvas(count: window.count)
        let roughness = random.value(in: 0...0.45)
        var values: [UInt8] = []
        let (places, grain) = (places, grain)
        bank.voxels.withUnsafeBufferPointer { grids in
            guard let grids = grids.baseAddress else { return }
            for bone in skeleton.vertebrae + [skeleton.sacrum] + skeleton.others {
                canvas.paint(
                    bone, number: UInt8(values.count), in: window, at: places, grain: grain, roughness: roughness,
                    grids: grids)
                values.append(bone.value)
            }
        }
        for (tubes, kind) in Limbs.tubes(skeleton, &random) {
            canvas.paint(tubes: tubes, number: UInt8(values.count), in: window, at: places)
            values.append(kind.rawValue)
        }
        bones = canvas
        self.values = values
        metal = random.chance(4) ? Limbs.screws(skeleton, &random) : Limbs.implants(skeleton, &random)
        circle = random.chance(12) ? FieldCircle(window, &random) : nil
        let body = Body(skeleton, &random)
        let tissues = Samples<UInt8>(window.count)
        for voxel in 0..<window.count {
            tissues[voxel] = body.tissue(places[voxel], lump: lumps[voxel], grain: grain[voxel]).rawValue
        }
        SoftParts(skeleton).paint(tissues, in: window, at: places)
        self.tissues = tissues
    }

    /// `spine-25` values, `otherBones` on other bones.
    func labels(otherBones: UInt8) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: window.count) { labels, count in
            for voxel in 0..<window.count {
                var label: UInt8 = 0
                if bones.first[voxel] < 0, bones.distance(voxel) < 0, circle?.shows(voxel) ?? true {
                    let value = values[Int(bones.winner[voxel])]
                    label = value < BoneKind.first ? value : otherBones
                }
                labels[voxel] = label
            }
            count = window.count
        }
    }

    mutating func image(_ random: inout SplitMix64) -> [Int16] {
        let palette = Palette(values, &random)
        var image = Samples<Float>(window.count)
        // Labels of patients reach a little into what lies around the bone.
        let overhang = random.value(in: -0.2...0.7)
        // A kernel blurs on: the voxel's own extent is the least that surfaces fade over.
        let edge = window.edge
        for voxel in 0..<window.count {
            let tone = palette.tones[Int(tissues[voxel])]
            var value = tone.mean + tone.lumps * lumps[voxel] + tone.grain * (grain[voxel] + fine[voxel])
            let distance = bones.distance(voxel) + overhang
            // Where no bone is near, the distance is 9 mm.
            if distance < min(edge, 8) {
                let bone = palette.bones[Int(bones.winner[voxel])]
                let within = values[Int(bones.winner[voxel])] == BoneKind.skull.rawValue && distance < -7
                if within {
                    let brain = palette.tones[Int(Tissue.brain.rawValue)]
                    value = brain.mean + brain.lumps * lumps[voxel]
                } else {
                    let outer = coverage(distance, edge: edge)
                    let thickness = bone.thickness * bones.shell[voxel] * max(1 + 0.35 * lumps[voxel], 0.3)
                    let inner = coverage(distance + thickness, edge: edge)
                    let core =
                        bone.core + bone.grain * (fine[voxel] + 0.5 * lumps[voxel]) + bone.lesion
                        * max(lumps[voxel] - 0.9, 0)
                    value = value * (1 - outer) + bone.shell * (outer - inner) + core * inner
                }
            }
            image[voxel] = value
        }
        for tube in metal { paint(tube, palette.tones[Int(Tissue.metal.rawValue)].mean, image) }
        let scanner = Scanner(hasMetal: !metal.isEmpty, &random)
        let middle = SIMD3<Float>(Float(window.size[0]), Float(window.size[1]), Float(window.size[2])) / 2
        scanner.scan(&image, window, lumps: lumps, streaksFrom: middle, &random)
        return [Int16](unsafeUninitializedCapacity: window.count) { voxels, count in
            for voxel in 0..<window.count {
                voxels[voxel] = circle?.shows(voxel) ?? true ? Int16(image[voxel].rounded()) : -1024
            }
            count = window.count
        }
    }

    private func paint(_ tube: Tube, _ value: Float, _ image: Samples<Float>) {
        guard let box = window.box(around: tube.corners, margin: places.margin) else { return }
        for k in box.low[2]...box.high[2] {
            for j in box.low[1]...box.high[1] {
                let row = (k * window.size[1] + j) * window.size[0]
                for voxel in row + box.low[0]...row + box.high[0] {
                    let covered = coverage(
                        capsuleDistance(places[voxel], tube.from, tube.to, tube.radius), edge: window.edge)
                    image[voxel] = mix(image[voxel], value, covered)
                }
            }
        }
    }
}
