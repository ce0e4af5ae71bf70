import Volumes

/// How components adjoin others, in voxel faces.
struct FragmentContacts {
    /// By place in `ComponentMap.components`, of those that were asked for: all outer faces.
    private(set) var surface: [Int]
    /// By place: faces shared with components of other labels, by their places, and −1 for all that are not listed.
    private(set) var faces: [[Int: Int]]

    /// Of the components that are not the largest of their label.
    init(_ map: ComponentMap) {
        self.init(map) { map[map.components[$0].label]?.listed.lowerBound != $0 }
    }

    init(_ map: ComponentMap, of isWanted: (_ place: Int) -> Bool) {
        let count = map.components.count
        surface = map.components.map { 6 * $0.voxels }
        faces = [[Int: Int]](repeating: [:], count: count)
        let wanted = map.components.indices.map(isWanted)
        guard wanted.contains(true) else { return }
        let rows = map.labels.geometry.size[1]
        var counter = (surface: surface, faces: faces)
        func meet(_ one: PlaneRuns, _ run: Int, _ other: PlaneRuns, _ otherRun: Int, faces: Int) {
            let place = map.place(ofRun: one.base + run)
            let otherPlace = map.place(ofRun: other.base + otherRun)
            if one.labels[run] == other.labels[otherRun] {
                // Of one label and face to face: one component.
                if let place { counter.surface[place] -= 2 * faces }
                return
            }
            if let place, wanted[place] { counter.faces[place][otherPlace ?? -1, default: 0] += faces }
            if let otherPlace, wanted[otherPlace] { counter.faces[otherPlace][place ?? -1, default: 0] += faces }
        }
        map.forEachPlane { _, plane, before in
            for j in 0..<rows where plane.count > 0 {
                for run in plane.runs(ofRow: j) {
                    if let place = map.place(ofRun: plane.base + run) {
                        counter.surface[place] -= 2 * Int(plane.ends[run] - plane.starts[run] - 1)
                    }
                    if run + 1 < plane.runs(ofRow: j).upperBound, plane.ends[run] == plane.starts[run + 1] {
                        meet(plane, run, plane, run + 1, faces: 1)
                    }
                }
                if j > 0 {
                    PlaneRuns.forEachOverlap(plane, j, plane, j - 1, reach: 0) {
                        meet(plane, $0, plane, $1, faces: Self.overlap(plane, $0, plane, $1))
                    }
                }
                if let before {
                    PlaneRuns.forEachOverlap(plane, j, before, j, reach: 0) {
                        meet(plane, $0, before, $1, faces: Self.overlap(plane, $0, before, $1))
                    }
                }
            }
        }
        (surface, faces) = counter
    }

    private static func overlap(_ one: PlaneRuns, _ run: Int, _ other: PlaneRuns, _ otherRun: Int) -> Int {
        Int(min(one.ends[run], other.ends[otherRun]) - max(one.starts[run], other.starts[otherRun]))
    }
}
