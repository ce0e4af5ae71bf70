import Volumes

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A bone of the bank at its place in a scene, scaled, mirrored, changed.
struct PlacedBone: Sendable {
    /// Its `spine-25` value; from `BoneKind.first` on another bone.
    let value: UInt8
    let bone: Bone
    var frame: Frame
    var scale: Point
    let isMirrored: Bool
    /// Millimetres added to the bone's surface.
    var skin: Float = 0
    /// How much longer the processes are, to the sides and to the back.
    var processes = SIMD2<Float>(1, 1)
    /// Share of the body's height that its front has lost.
    var wedge: Float = 0
    /// Millimetres that the end plates' rims have grown.
    var lips: Float = 0

    private let offset: Int
    /// First node, and nodes behind it, along x, y, z.
    let first: Point
    let last: Point

    init(
        _ bank: ShapeBank, _ index: Int, value: UInt8, frame: Frame, scale: Point = Point(1, 1, 1),
        isMirrored: Bool = false, skin: Float = 0
    ) {
        bone = bank.catalogue.bones[index]
        offset = bank.offsets[index]
        self.value = value
        self.frame = frame
        self.scale = scale
        self.isMirrored = isMirrored
        self.skin = skin
        first = Point(Float(bone.first[0]), Float(bone.first[1]), Float(bone.first[2]))
        last = Point(Float(bone.size[0] - 1), Float(bone.size[1] - 1), Float(bone.size[2] - 1))
    }

    /// A place of the bone's own in the world.
    func world(_ own: Point) -> Point {
        frame.world((isMirrored ? own * Point(-1, 1, 1) : own) * scale)
    }

    /// One number for three: how much longer distances are than in the bank.
    var size: Float { cbrtf(scale.x * scale.y * scale.z) }

    /// Ready to be asked for distances; `grids` are the bank's voxels.
    func sampler(_ grids: UnsafePointer<Int8>) -> BoneSampler { BoneSampler(self, grids + offset) }

    /// The corners of the grid in the world, as far as the changed bone may reach.
    var corners: [Point] {
        let low = first * bone.step
        let high = (first + last) * bone.step
        let left = bone.isHalf ? -high.x : low.x
        let stretch = Point(max(processes.x, 1), max(processes.y, 1), 1)
        let (middle, half) = ((Point(left, low.y, low.z) + high) / 2, (high - Point(left, low.y, low.z)) / 2)
        return Point.corners.map { world((middle + half * $0) * stretch) }
    }
}

/// What bones besides the spine are called in a scene.
enum BoneKind: UInt8, Sendable, CaseIterable {
    case rib = 32
    case hip
    case femur
    case sternum
    case skull
    case shoulder
    case arm
    case tooth

    static let first: UInt8 = 32
}
