import Volumes

/// A placed bone as plain numbers: what is asked millions of times for a distance.
struct BoneSampler {
    private let grid: UnsafePointer<Int8>
    private let row: Int
    private let slice: Int
    private let origin: Point
    private let right: Point
    private let front: Point
    private let up: Point
    private let first: Point
    private let last: Point
    private let perStep: Float
    private let isHalf: Bool
    private let skin: Float
    private let unit: Float
    private let processes: SIMD2<Float>
    private let wedge: Float
    let lips: Float
    /// Of the body; beyond every bone where there is none.
    let halfWidth: Float
    let halfDepth: Float
    let upperPlate: Float
    let lowerPlate: Float
    let hasBody: Bool
    /// What a place outside the grid gets, mm.
    let far: Float

    init(_ placed: PlacedBone, _ grid: UnsafePointer<Int8>) {
        let (bone, frame, scale) = (placed.bone, placed.frame, placed.scale)
        self.grid = grid
        row = bone.size[0]
        slice = bone.size[0] * bone.size[1]
        origin = frame.origin
        right = frame.right * ((placed.isMirrored ? -1 : 1) / scale.x)
        front = frame.front / scale.y
        up = frame.up / scale.z
        (first, last) = (placed.first, placed.last)
        perStep = 1 / bone.step
        isHalf = bone.isHalf
        skin = placed.skin
        unit = 0.1 * placed.size
        far = 6.3 * placed.size - placed.skin
        (processes, wedge, lips) = (placed.processes, placed.wedge, placed.lips)
        hasBody = bone.body != nil
        halfWidth = (bone.body?.width ?? 2000) / 2
        halfDepth = (bone.body?.depth ?? 2000) / 2
        upperPlate = bone.body?.up ?? 1000
        lowerPlate = bone.body?.down ?? 1000
    }

    /// A place of the world in the bone's own frame and size.
    @inline(__always)
    func own(_ place: Point) -> Point {
        let offset = place - origin
        return Point(offset.dot(right), offset.dot(front), offset.dot(up))
    }

    /// Millimetres to the surface from a place in the bone's own frame, negative inside; `far` outside of the grid.
    @inline(__always)
    func distance(own place: Point) -> Float {
        var place = place
        var lost: Float = 1
        if wedge > 0 {
            lost = 1 - wedge * min(max((place.y + halfDepth) / (2 * halfDepth), 0), 1)
            place.z /= lost
        }
        let aside = abs(place.x)
        if aside > halfWidth {
            place.x = (halfWidth + (aside - halfWidth) / processes.x) * (place.x < 0 ? -1 : 1)
        }
        if place.y < -halfDepth { place.y = -halfDepth + (place.y + halfDepth) / processes.y }
        if isHalf { place.x = abs(place.x) }
        let node = place * perStep - first
        guard node.x >= 0, node.y >= 0, node.z >= 0, node.x < last.x, node.y < last.y, node.z < last.z else {
            return far
        }
        let (i, j, k) = (Int(node.x), Int(node.y), Int(node.z))
        let (u, v, w) = (node.x - Float(i), node.y - Float(j), node.z - Float(k))
        let cell = grid + i + row * j + slice * k
        @inline(__always)
        func along(_ at: Int) -> Float { mix(Float(cell[at]), Float(cell[at + 1]), u) }
        let near = mix(along(0), along(row), v)
        let far = mix(along(slice), along(slice + row), v)
        return mix(near, far, w) * unit * lost - skin
    }

    @inline(__always)
    func distance(_ place: Point) -> Float { distance(own: own(place)) }
}
