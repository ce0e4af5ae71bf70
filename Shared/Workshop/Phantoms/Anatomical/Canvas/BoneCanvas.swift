import Volumes

/// Which bone is nearest to each voxel, and how near.
struct BoneCanvas {
    /// Nearest and second nearest surface, mm, negative inside; 9 where none is near.
    let first: Samples<Float>
    let second: Samples<Float>
    /// The nearest bone's number among those painted; `none` where none is near.
    let winner: Samples<UInt8>
    /// How much thicker the nearest bone's compact shell is here.
    let shell: Samples<Float>

    static let none: UInt8 = 255

    init(count: Int) {
        first = Samples(count, repeating: 9)
        second = Samples(count, repeating: 9)
        winner = Samples(count, repeating: Self.none)
        shell = Samples(count, repeating: 1)
    }

    /// To the surface once each bone has given way: `Skeleton.play` mm are kept between any two.
    @inline(__always)
    func distance(_ voxel: Int) -> Float {
        max(first[voxel], (first[voxel] - second[voxel] + Skeleton.play) / 2)
    }

    /// - Parameters:
    ///   - roughness: deviation of the surface from the bank's, mm.
    ///   - margin: how far places may be off their window's grid, mm.
    func paint(
        _ bone: PlacedBone, number: UInt8, in window: SceneWindow, at places: Places, grain: Samples<Float>,
        roughness: Float, grids: UnsafePointer<Int8>
    ) {
        guard let box = window.box(around: bone.corners, margin: places.margin) else { return }
        let sampler = bone.sampler(grids)
        let (low, high) = (box.low, box.high)
        for k in low[2]...high[2] {
            for j in low[1]...high[1] {
                let row = (k * window.size[1] + j) * window.size[0]
                for voxel in row + low[0]...row + high[0] {
                    let own = sampler.own(places[voxel])
                    var distance = sampler.distance(own: own)
                    guard distance < sampler.far else { continue }
                    distance += roughness * grain[voxel]
                    var thickness: Float = 1
                    if sampler.hasBody {
                        let plate = own.z > 0 ? sampler.upperPlate - own.z : sampler.lowerPlate + own.z
                        if own.y < -sampler.halfDepth {
                            // Arches and processes are dense.
                            thickness = 2.4
                        } else if plate < 5 {
                            thickness = 1.4
                            if sampler.lips > 0, plate > -4,
                                max(abs(own.x) / sampler.halfWidth, own.y / sampler.halfDepth) > 0.75
                            {
                                distance -=
                                    sampler.lips * max(0.3 + 0.7 * grain[voxel], 0) * (1 - abs(plate - 0.5) / 4.5)
                            }
                        }
                    }
                    if distance < first[voxel] {
                        second[voxel] = first[voxel]
                        first[voxel] = distance
                        winner[voxel] = number
                        shell[voxel] = thickness
                    } else if distance < second[voxel] {
                        second[voxel] = distance
                    }
                }
            }
        }
    }

    /// A bone that has no grid: the union of tubes.
    func paint(
        tubes: [Tube], number: UInt8, in window: SceneWindow, at places: Places
    ) {
        for tube in tubes {
            guard let box = window.box(around: tube.corners, margin: places.margin + 6) else { continue }
            for k in box.low[2]...box.high[2] {
                for j in box.low[1]...box.high[1] {
                    let row = (k * window.size[1] + j) * window.size[0]
                    for voxel in row + box.low[0]...row + box.high[0] {
                        let distance = capsuleDistance(places[voxel], tube.from, tube.to, tube.radius)
                        if distance < first[voxel] {
                            if winner[voxel] != number { second[voxel] = first[voxel] }
                            first[voxel] = distance
                            winner[voxel] = number
                        } else if distance < second[voxel], winner[voxel] != number {
                            second[voxel] = distance
                        }
                    }
                }
            }
        }
    }
}
