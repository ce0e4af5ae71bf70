import Volumes

/// How components that are not the largest of their label adjoin others, in voxel faces.
struct FragmentContacts {
    /// By place in `ComponentMap.components`: all outer faces.
    private(set) var surface: [Int]
    /// By place: faces shared with the largest component of another label, by its value …
    private(set) var withLargest: [[UInt8: Int]]
    /// … and with any other component of any other label.
    private(set) var withOthers: [Int]

    init(_ map: ComponentMap) {
        let count = map.components.count
        surface = map.components.map { 6 * $0.voxels }
        withLargest = [[UInt8: Int]](repeating: [:], count: count)
        withOthers = [Int](repeating: 0, count: count)
        let isLargest = map.components.indices.map { map[map.components[$0].label]?.listed.lowerBound == $0 }
        guard isLargest.contains(false) else { return }
        let rows = map.labels.geometry.size[1]
        var counter = (surface: surface, withLargest: withLargest, withOthers: withOthers)
        func meet(_ one: PlaneRuns, _ run: Int, _ other: PlaneRuns, _ otherRun: Int, faces: Int) {
            let place = map.place(ofRun: one.base + run)
            let otherPlace = map.place(ofRun: other.base + otherRun)
            if one.labels[run] == other.labels[otherRun] {
                // Of one label and face to face: one component.
                if let place { counter.surface[place] -= 2 * faces }
                return
            }
            note(place, meets: other.labels[otherRun], otherPlace)
            note(otherPlace, meets: one.labels[run], place)
            func note(_ place: Int?, meets label: UInt8, _ otherPlace: Int?) {
                guard let place, !isLargest[place] else { return }
                if let otherPlace, isLargest[otherPlace] {
                    counter.withLargest[place][label, default: 0] += faces
                } else {
                    counter.withOthers[place] += faces
                }
            }
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
        (surface, withLargest, withOthers) = counter
    }

    private static func overlap(_ one: PlaneRuns, _ run: Int, _ other: PlaneRuns, _ otherRun: Int) -> Int {
        Int(min(one.ends[run], other.ends[otherRun]) - max(one.starts[run], other.starts[otherRun]))
    }
}
