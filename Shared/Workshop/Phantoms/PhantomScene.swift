import Statistics
import Volumes

/// One phantom as a function of place: Hounsfield units (without noise) and label. World: RAS+ millimetres, origin at
/// L3.
struct PhantomScene: Sendable {
    let curve: SpineCurve
    let sections: SectionTable
    private let vertebrae: [Vertebra]
    private let atlas: Atlas
    private let sacrum: Sacrum
    private let ribs: RibCage
    private let pelvis: Pelvis
    private let skull: Skull
    private let trunk: Trunk
    private let texture: PlaceNoise
    /// Per bin of `sections`, the vertebrae (bit 0 = C1 …) that may reach there.
    private let candidates: [UInt32]
    private let reaches: [Float]
    private let corticalHounsfieldUnits: Float
    private let density: Float

    init(seed: UInt64, scoliosisInDegrees: Float) {
        var generator = SplitMix64(seed: seed)
        let curve = SpineCurve(generator: &generator, scoliosisInDegrees: scoliosisInDegrees)
        self.curve = curve
        let vertebrae = curve.shapes.enumerated().map { Vertebra($0.element, level: $0.offset) }
        self.vertebrae = vertebrae
        let atlas = Atlas(scale: curve.stature)
        self.atlas = atlas
        sacrum = Sacrum(frames: curve.sacralFrames, scale: curve.stature)
        ribs = RibCage(curve: curve)
        pelvis = Pelvis(curve: curve)
        skull = Skull(curve: curve)
        let girth = generator.value(in: 0.94...1.12)
        density = generator.value(in: 0.85...1.15)
        corticalHounsfieldUnits = generator.value(in: 680...880)
        trunk = Trunk(curve: curve, generator: &generator)
        texture = PlaceNoise(seed: generator.next())
        let reaches = vertebrae.enumerated().map { $0.offset == 0 ? atlas.reach : $0.element.reach }
        self.reaches = reaches
        let (lowest, highest) = (sacrum.lowest - 200, curve.frames[0].origin.z + 250)
        let sections = SectionTable(curve: curve, girth: girth, lowest: lowest, highest: highest)
        self.sections = sections
        candidates = (0..<sections.sections.count).map { bin in
            let z = lowest + Float(bin)
            return reaches.indices.reduce(UInt32(0)) {
                abs(curve.frames[$1].origin.z - z) < reaches[$1] + 2 ? $0 | 1 << UInt32($1) : $0
            }
        }
    }

    /// - Parameter edge: width in millimetres over which a surface fades, about the size of a voxel.
    @inline(__always)
    func sample(_ place: Point, edge: Float) -> (hounsfieldUnits: Float, label: UInt8) {
        let bin = sections.index(of: place.z)
        let section = sections.sections[bin]
        var value = trunk.hounsfieldUnits(place, section, edge: edge)
        addUnlabelledBone(&value, place, section, edge: edge)
        var label: UInt8 = 0
        addSpine(&value, &label, place, section, candidates[bin], edge: edge)
        return (value, label)
    }

    @inline(__always)
    private func addUnlabelledBone(_ value: inout Float, _ place: Point, _ section: Section, edge: Float) {
        if section.level > 6, section.level < 21 {
            add(&value, bone: ribs.distance(place, section), shell: 1.6, marrow: 220, edge: edge)
        }
        if place.z < pelvis.highest {
            add(&value, bone: pelvis.distance(place), shell: 1.8, marrow: 190, edge: edge)
        }
        if place.z > skull.lowest {
            let (bone, inside) = skull.distances(place)
            if inside < 0 { value = 36 }
            add(&value, bone: bone, shell: 2.5, marrow: 500, edge: edge)
        }
    }

    @inline(__always)
    private func addSpine(
        _ value: inout Float, _ label: inout UInt8, _ place: Point, _ section: Section, _ candidates: UInt32,
        edge: Float
    ) {
        let aside = abs(place.x - section.spine.x)
        guard aside < 70, abs(place.y - section.spine.y) < 110 else { return }
        var nearest = Float.greatestFiniteMagnitude
        var marrow: Float = 0
        var index = 0
        var rest = candidates
        while rest != 0 {
            let skip = rest.trailingZeroBitCount
            index += skip
            rest >>= UInt32(skip)
            consider(index, place, &value, &nearest, &marrow, &label, edge: edge)
            index += 1
            rest >>= 1
        }
        if place.z < sacrum.highest, place.z > sacrum.lowest {
            let distance = sacrum.distance(place)
            if distance < nearest {
                nearest = distance
                marrow = 130
                label = 25
            }
        }
        if nearest < edge {
            let trabeculae = (texture.smooth(place, scale: 3.5) - 0.5) * 90
            add(&value, bone: nearest, shell: 1.7, marrow: marrow * density + trabeculae, edge: edge)
        }
        if nearest >= 0 { label = 0 }
    }

    /// Disc, canal and bone of one vertebra.
    @inline(__always)
    private func consider(
        _ index: Int, _ place: Point, _ value: inout Float, _ nearest: inout Float, _ marrow: inout Float,
        _ label: inout UInt8, edge: Float
    ) {
        let local = curve.frames[index].local(place)
        guard local.dot(local) < reaches[index] * reaches[index] else { return }
        let distance: Float
        if index == 0 {
            distance = atlas.distance(local)
        } else {
            let vertebra = vertebrae[index]
            addSoftParts(&value, vertebra, local, edge: edge)
            distance = vertebra.distance(local)
        }
        if distance < nearest {
            nearest = distance
            marrow = vertebrae[index].shape.cancellousHounsfieldUnits
            label = UInt8(index + 1)
        }
    }

    /// The disc below and the canal behind; neither is labelled.
    @inline(__always)
    private func addSoftParts(_ value: inout Float, _ vertebra: Vertebra, _ local: Point, edge: Float) {
        let shape = vertebra.shape
        let half = shape.height / 2
        if local.z < 0, local.z > -half - shape.discBelow - 2 {
            let rim = ellipseDistance(local.x, local.y, shape.width * 0.5, shape.depth * 0.52)
            value = mix(value, 85, coverage(rim, edge: edge))
        }
        if abs(local.z) < half + shape.discBelow {
            let y = local.y - shape.canalCentre
            if ellipseDistance(local.x, y, shape.canalHalfWidth, shape.canalHalfDepth) < 0 {
                value =
                    ellipseDistance(local.x, y, shape.canalHalfWidth * 0.6, shape.canalHalfDepth * 0.65) < 0 ? 38 : 8
            }
        }
    }

    /// Compact bone `shell` mm thick around marrow.
    @inline(__always)
    private func add(_ value: inout Float, bone distance: Float, shell: Float, marrow: Float, edge: Float) {
        guard distance < edge else { return }
        let inner = coverage(distance + shell, edge: max(edge, 1))
        value = mix(value, mix(corticalHounsfieldUnits, marrow, inner), coverage(distance, edge: edge))
    }
}
