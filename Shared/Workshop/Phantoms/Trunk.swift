import Statistics
import Volumes

/// Everything that is not bone: skin, fat, muscle, lungs, vessels, organs. Hounsfield units.
struct Trunk: Sendable {
    struct Organ: Sendable {
        var centre: Point
        var axes: Point
        var hounsfieldUnits: Float
    }

    private let organs: [Organ]
    private let fatThickness: Float
    private let vesselHounsfieldUnits: Float
    private let diaphragm: Point
    private let bifurcation: Float
    private let scale: Float
    private let texture: PlaceNoise

    init(curve: SpineCurve, generator: inout SplitMix64) {
        scale = curve.stature
        texture = PlaceNoise(seed: generator.next())
        fatThickness = generator.value(in: 8...24)
        // Half of the studies have contrast medium in their vessels.
        let contrast = generator.signed() > 0 ? generator.value(in: 100...190) : 0
        vesselHounsfieldUnits = 45 + contrast
        let (t9, t11, l1, l2) = (
            curve.frames[15].origin, curve.frames[17].origin, curve.frames[19].origin, curve.frames[20].origin
        )
        diaphragm = t9 + Point(0, 50, generator.value(in: -12...12))
        bifurcation = curve.frames[22].origin.z
        let size = curve.stature
        let kidneys = 30 + contrast * 0.9
        organs = [
            Organ(
                centre: t11 + Point(78, 62, -8) * size, axes: Point(74, 72, 74) * size,
                hounsfieldUnits: 58 + contrast * 0.35),
            Organ(
                centre: t11 + Point(-96, 14, -4) * size, axes: Point(30, 44, 50) * size,
                hounsfieldUnits: 48 + contrast * 0.5),
            Organ(centre: l2 + Point(62, 2, 2) * size, axes: Point(26, 25, 54) * size, hounsfieldUnits: kidneys),
            Organ(centre: l1 + Point(-60, 0, -6) * size, axes: Point(26, 25, 54) * size, hounsfieldUnits: kidneys),
            Organ(
                centre: t9 + Point(-26, 96, 22) * size, axes: Point(52, 44, 56) * size,
                hounsfieldUnits: 42 + contrast * 0.8),
        ]
    }

    @inline(__always)
    func hounsfieldUnits(_ place: Point, _ section: Section, edge: Float) -> Float {
        let skin = ellipseDistance(place.x, place.y - section.trunkY, section.trunkWidth, section.trunkDepth)
        if skin > edge { return -1000 }
        let inside = interior(place, section, depth: -skin, edge: edge)
        return mix(-1000, inside, coverage(skin, edge: edge))
    }

    @inline(__always)
    private func interior(_ place: Point, _ section: Section, depth: Float, edge: Float) -> Float {
        if depth < 2 { return 10 }
        let grain = texture.smooth(place, scale: 9)
        let x = place.x - section.spine.x
        let y = place.y - section.spine.y
        let fat = fatThickness * (section.level < 6 ? 0.5 : 1)
        if depth < fat { return -105 + 14 * grain }
        var value = mix(40, 58, grain)
        if section.level > 16.5 {
            value = abdomen(place, section, depth: depth - fat, grain: grain, y: y, muscle: value)
        }
        value = muscles(value, x: x, y: y, section: section)
        value = organs(value, place)
        value = vessels(value, x: x, y: y, place: place, section: section)
        return lungsAndAirway(value, x: x, y: y, place: place, section: section, edge: edge)
    }

    /// Bowel and fat in front of the spine, inside the muscular wall.
    @inline(__always)
    private func abdomen(_ place: Point, _ section: Section, depth: Float, grain: Float, y: Float, muscle: Float)
        -> Float
    {
        let wall: Float = 14
        guard depth > wall, y > -section.bodyDepth * 0.6 else { return muscle }
        let lump = texture.smooth(place + Point(500, 500, 500), scale: 24)
        if y > 45, lump > 0.78 { return -850 }
        return lump > 0.5 ? 20 + 30 * grain : -100 + 20 * grain
    }

    @inline(__always)
    private func muscles(_ value: Float, x: Float, y: Float, section: Section) -> Float {
        let side = abs(x)
        var result = value
        if y < -section.bodyDepth {
            let size = section.erector
            let erector = ellipseDistance(side - size.x - 5, y + section.bodyDepth + 30 * scale, size.x, size.y)
            result = erector < 0 ? 60 : (erector < 6 && section.level > 6 ? -40 : result)
        }
        if section.psoas > 3 {
            let psoas = ellipseDistance(
                side - section.bodyWidth - section.psoas * 0.75, y + 2, section.psoas, section.psoas * 1.15)
            if psoas < 0 { result = 58 }
        }
        return result
    }

    @inline(__always)
    private func organs(_ value: Float, _ place: Point) -> Float {
        var result = value
        for organ in organs {
            let offset = place - organ.centre
            if abs(offset.z) < organ.axes.z, (offset / organ.axes).length < 1 { result = organ.hounsfieldUnits }
        }
        return result
    }

    @inline(__always)
    private func vessels(_ value: Float, x: Float, y: Float, place: Point, section: Section) -> Float {
        guard section.level > 10 else { return value }
        let ahead = y - section.bodyDepth
        func within(_ centre: Float, _ front: Float, _ radius: Float) -> Bool {
            (x - centre) * (x - centre) + (ahead - front) * (ahead - front) < radius * radius
        }
        // The aorta runs left of the middle and forks at L4; the vena cava right of it.
        let below = max(bifurcation - place.z, 0) * 0.45
        let radius: Float = (below > 0 ? 7 : 10.5) * scale
        if within(below > 0 ? -9 - below : -10, 12, radius) { return vesselHounsfieldUnits }
        if section.level > 14, within(below > 0 ? 12 + below : 14, 11, radius) {
            return vesselHounsfieldUnits * 0.8 + 8
        }
        if below > 0, within(below - 9, 12, radius) { return vesselHounsfieldUnits }
        return value
    }

    /// Lungs fill the cage beside the spine and the heart, down to the dome of the diaphragm; the airway lies in front
    /// of the neck.
    @inline(__always)
    private func lungsAndAirway(_ value: Float, x: Float, y: Float, place: Point, section: Section, edge: Float)
        -> Float
    {
        if section.level < 11.5 {
            let airway = ellipseDistance(x, y - section.bodyDepth - 14 * scale, 9 * scale, 8 * scale)
            let open = coverage(airway, edge: edge) * (section.level > -1 ? 1 : 0)
            if open > 0 { return mix(value, -990, open) }
        }
        guard section.level > 6.6, section.level < 19 else { return value }
        let cage = ellipseDistance(
            x, place.y - section.cageY, section.cageWidth - 7 * scale, section.cageDepth - 7 * scale)
        guard cage < edge else { return value }
        let spine = ellipseDistance(x, y - 9, section.bodyWidth + 7, section.bodyDepth + 22)
        let heart = ellipseDistance(x + 16, y - 72, 40 + 2.5 * max(section.level - 10, 0), 46)
        let radius = ellipseDistance(x, place.y - section.cageY, section.cageWidth, section.cageDepth)
        let dome = diaphragm.z + 22 + max(-60, -85 * max(0, 1 + radius / 75) * max(0, 1 + radius / 75)) - place.z
        let lung = max(max(cage, -min(spine, heart)), dome)
        let air = -860 + 90 * texture.smooth(place, scale: 6)
        return mix(value, air, coverage(lung, edge: edge))
    }
}
