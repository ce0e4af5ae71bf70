import Statistics
import Volumes

/// The soft parts of one scene as a function of place, around a skeleton. Sizes go with the level (`Section`).
struct Body: Sendable {
    /// A ball pressed flat.
    struct Organ: Sendable {
        var tissue: Tissue
        var centre: Point
        var axes: Point
    }

    let sections: SectionTable
    let organs: [Organ]
    private let fat: Float
    private let visceralFat: Float
    private let gasShare: Float
    private let contrastShare: Float
    private let plaqueShare: Float
    private let diaphragm: Point
    private let bifurcation: Float
    private let aortaRadius: Float
    private let tableTop: Float
    private let hasTable: Bool
    private let lungShare: Float
    /// Below it legs are apart; their middles at that height.
    private let crotch: Float
    private let hips: [Point]
    private let scale: Float

    init(_ skeleton: Skeleton, _ random: inout SplitMix64) {
        let origins = skeleton.origins
        scale = skeleton.size
        let girth = random.value(in: 0.86...1.3)
        sections = SectionTable(
            origins: origins, stature: scale, girth: girth, lowest: origins[28].z - 350, highest: origins[0].z + 200)
        fat = random.value(in: 4...20) + 30 * max(girth - 1, 0) * random.value(in: 0.3...2.2)
        visceralFat = random.value(in: -0.7...0.7)
        gasShare = random.value(in: 0.8...2.2)
        contrastShare = random.chance(25) ? random.value(in: -0.3...0.8) : 9
        plaqueShare = random.chance(45) ? random.value(in: 0.3...1.6) : 9
        aortaRadius = random.value(in: 8.5...13)
        diaphragm = origins[15] + Point(0, 50, random.value(in: -25...15))
        bifurcation = origins[22].z + random.value(in: -15...15)
        hasTable = random.chance(80)
        tableTop = random.value(in: 0...18)
        lungShare = random.value(in: 1.1...2.8)
        hips = skeleton.hipJoints
        crotch = (hips[0].z + hips[1].z) / 2 - 62 * scale
        let scale = scale
        func near(_ level: Int, _ x: Float, _ y: Float, _ z: Float) -> Point {
            origins[level] + Point(x, y, z) * scale + Point(random.normal(), random.normal(), random.normal()) * 7
        }
        func axes(_ x: Float, _ y: Float, _ z: Float) -> Point {
            Point(x, y, z) * scale * (1 + 0.12 * random.normal())
        }
        organs = [
            Organ(tissue: .liver, centre: near(17, 78, 62, -8), axes: axes(74, 72, 74)),
            Organ(tissue: .spleen, centre: near(17, -96, 14, -4), axes: axes(30, 44, 50)),
            Organ(tissue: .kidney, centre: near(20, 62, 2, 2), axes: axes(26, 25, 54)),
            Organ(tissue: .kidney, centre: near(19, -60, 0, -6), axes: axes(26, 25, 54)),
            Organ(tissue: .heart, centre: near(15, -26, 96, 22), axes: axes(52, 44, 56)),
            Organ(tissue: .bladder, centre: near(27, 0, 75, -12), axes: axes(36, 30, 28)),
        ]
    }

    /// - Parameters:
    ///   - lump: a smooth random number some centimetres wide, deviation 1.
    ///   - grain: one some millimetres wide.
    @inline(__always)
    func tissue(_ place: Point, lump: Float, grain: Float) -> Tissue {
        let section = sections.sections[sections.index(of: place.z)]
        var skin = ellipseDistance(place.x, place.y - section.trunkY, section.trunkWidth, section.trunkDepth)
        if place.z < crotch {
            let away = (crotch - place.z) * 0.06
            let right = ellipseDistance(place.x - hips[0].x + away, place.y - hips[0].y, 84 * scale, 88 * scale)
            let left = ellipseDistance(place.x - hips[1].x - away, place.y - hips[1].y, 84 * scale, 88 * scale)
            skin = max(skin, min(right, left))
        }
        if skin > 0 { return outside(place, section, skin: skin) }
        let depth = -skin
        if depth < 2 { return .skin }
        let layer = fat * (section.level < 6 ? 0.4 : 1) + 2 * grain
        if depth < layer { return .fat }
        return interior(place, section, depth: depth - layer, lump: lump, grain: grain)
    }

    /// The table lies behind the back of the loins, with a thin shell and foam within.
    @inline(__always)
    private func outside(_ place: Point, _ section: Section, skin: Float) -> Tissue {
        guard hasTable else { return .air }
        let middle = sections.sections[sections.index(of: 0)]
        let below = middle.trunkY - middle.trunkDepth - tableTop - place.y + place.x * place.x * 0.0009
        return below > 0 && below < 3 || below > 28 && below < 31 ? .table : .air
    }

    @inline(__always)
    private func interior(_ place: Point, _ section: Section, depth: Float, lump: Float, grain: Float) -> Tissue {
        let x = place.x - section.spine.x
        let y = place.y - section.spine.y
        var tissue = grain > 1.3 ? Tissue.fascia : .muscle
        let level = section.level + 0.6 * lump
        if level > 16.5, place.z > crotch, depth > 13, y > -section.bodyDepth * 0.6 {
            tissue = abdomen(y, lump: lump, grain: grain)
        } else if level > 6.5, level <= 16.5, depth > 16, y > 0 {
            tissue = lump > visceralFat ? .visceralFat : .muscle
        }
        tissue = muscles(tissue, x: x, y: y, section, grain: grain)
        for organ in organs {
            let offset = place - organ.centre
            if abs(offset.z) < organ.axes.z, (offset / organ.axes).length < 1 { tissue = organ.tissue }
        }
        tissue = vessels(tissue, x: x, y: y, place, section, grain: grain)
        return air(tissue, x: x, y: y, place, section, grain: grain)
    }

    @inline(__always)
    private func abdomen(_ y: Float, lump: Float, grain: Float) -> Tissue {
        // Faeces are full of bubbles.
        if y > 30, lump > gasShare { return lump < gasShare + 0.35 && grain < 0.4 ? .bowel : .gas }
        if lump > contrastShare, y > 10 { return .bowelContrast }
        return lump > visceralFat ? .bowel : .visceralFat
    }

    @inline(__always)
    private func muscles(_ tissue: Tissue, x: Float, y: Float, _ section: Section, grain: Float) -> Tissue {
        let side = abs(x)
        if y < -section.bodyDepth {
            let size = section.erector
            let erector = ellipseDistance(side - size.x - 5, y + section.bodyDepth + 30 * scale, size.x, size.y)
            if erector < 0 { return grain > 1.1 ? .fascia : .muscle }
            if erector < 5, section.level > 6 { return .fascia }
        }
        if section.psoas > 3 {
            let psoas = ellipseDistance(
                side - section.bodyWidth - section.psoas * 0.75, y + 2, section.psoas, section.psoas * 1.15)
            if psoas < 0 { return .muscle }
        }
        return tissue
    }

    /// The aorta runs left of the middle and forks at L4, the vena cava right of it.
    @inline(__always)
    private func vessels(_ tissue: Tissue, x: Float, y: Float, _ place: Point, _ section: Section, grain: Float)
        -> Tissue
    {
        let ahead = y - section.bodyDepth
        if section.level < 9 {
            guard section.level > -1 else { return tissue }
            let side = abs(x)
            func far(_ across: Float, _ front: Float) -> Float {
                ((side - across) * (side - across) + (ahead - front) * (ahead - front)).squareRoot()
            }
            if far(23 * scale, 8) < 3.6 { return .artery }
            return far(31 * scale, 9) < 5.5 ? .vein : tissue
        }
        guard section.level < 30 else { return tissue }
        if section.level < 14.5, section.level > 9.5 {
            let (across, along) = (x - 14 * scale, ahead - 48 * scale)
            if across * across + along * along < 15 * 15 { return .artery }
        }
        let below = max(bifurcation - place.z, 0) * 0.45
        let radius = (below > 0 ? 0.6 : 1) * aortaRadius * scale
        func within(_ centre: Float, _ front: Float) -> Float {
            let (across, along) = (x - centre, ahead - front)
            return (across * across + along * along).squareRoot() - radius
        }
        let front: Float = 11 + below * 0.2
        let aorta = min(within(below > 0 ? -9 - below : -10, front), below > 0 ? within(below - 9, front) : 100)
        if aorta < 0.8 { return aorta > -1.8 && grain > plaqueShare ? .plaque : .artery }
        if section.level > 14, within(below > 0 ? 14 + below : 15, front - 2) < 0 { return .vein }
        return tissue
    }

    /// Lungs beside the spine and the heart, down to the dome of the diaphragm; the airway in front of the neck.
    @inline(__always)
    private func air(_ tissue: Tissue, x: Float, y: Float, _ place: Point, _ section: Section, grain: Float) -> Tissue {
        if section.level < 11.5, section.level > -2 {
            let airway = ellipseDistance(x, y - section.bodyDepth - 14 * scale, 9 * scale, 8 * scale)
            if airway < 0 { return .airway }
        }
        guard section.level > 6.6, section.level < 19 else { return tissue }
        let cage = ellipseDistance(
            x, place.y - section.cageY, section.cageWidth - 7 * scale, section.cageDepth - 7 * scale)
        guard cage < 0 else { return tissue }
        let spine = ellipseDistance(x, y - 9, section.bodyWidth + 7, section.bodyDepth + 22)
        let heart = ellipseDistance(x + 16, y - 72, 40 + 2.5 * max(section.level - 10, 0), 46)
        let radius = ellipseDistance(x, place.y - section.cageY, section.cageWidth, section.cageDepth)
        let fall = max(0, 1 + radius / 75)
        let dome = diaphragm.z + 22 + max(-60, -85 * fall * fall) - place.z
        guard min(spine, heart) > 0, dome < 0 else {
            return heart <= 0 && section.level > 9.5 && dome < 0 && tissue == .visceralFat ? .heart : tissue
        }
        return grain > lungShare ? .vein : .lung
    }
}
