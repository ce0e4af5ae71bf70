import Anatomy
import Volumes

/// Writes the names that were chosen into the label map.
struct BoneRenaming {
    private let bones: SpineBones
    private let choice: NameChoice
    /// By piece: the value its voxels get.
    private let valueOfPiece: [UInt8]
    /// By component that is of no thing, and by label: the piece whose value it takes.
    private var pieceOfCrumb: [Int?]
    private var pieceOfLabel: [Int?]

    /// A crumb whose surface adjoins a vertebra by this part is of it; others go with their name.
    private static let contact = 0.2

    init(_ bones: SpineBones, _ choice: NameChoice) {
        self.bones = bones
        self.choice = choice
        valueOfPiece = Self.values(bones, choice)
        pieceOfCrumb = []
        pieceOfLabel = []
        pieceOfLabel = (0...255).map { largestPiece(of: UInt8($0)) }
        pieceOfCrumb = crumbs()
    }

    /// What is no vertebra keeps its name where no other bone has it, or goes with the nearest one that has a value.
    private static func values(_ bones: SpineBones, _ choice: NameChoice) -> [UInt8] {
        let vertebrae = choice.vertebraOfPiece
        let named = choice.path.vertebrae.map { choice.model.value(of: $0.level) ?? 0 }
        return bones.pieces.indices.map { place in
            if let vertebra = vertebrae[place] { return named[vertebra] }
            let piece = bones.pieces[place]
            let said = piece.votes.indices.max { piece.votes[$0] < piece.votes[$1] } ?? 0
            guard said == 0 || named.contains(UInt8(said)) else { return UInt8(said) }
            return bones.nearest(to: piece.centre) { vertebrae[$0].map { named[$0] > 0 } ?? false }
                .flatMap { vertebrae[$0] }.map { named[$0] } ?? UInt8(said)
        }
    }

    /// The piece that the largest component of a label belongs to. One that is a crumb itself goes with the nearest piece,
    /// unless it lies where its name belongs: then nil, and the label stays.
    private func largestPiece(of label: UInt8) -> Int? {
        guard let own = bones.labelSet.label(of: label), let largest = bones.map[label]?.listed.lowerBound else {
            return nil
        }
        let centre = bones.map.labels.geometry.affine.applied(to: bones.map.components[largest].centroid)
        let place = bones.line.position(of: centre).place
        if let thing = bones.thingOfPlace[largest], let piece = bones.piece(ofThing: thing, at: place) { return piece }
        if let level = SpineLevel(name: own.name), choice.hasRoom(for: level, at: place) { return nil }
        return bones.nearest(to: centre)
    }

    private func crumbs() -> [Int?] {
        let map = bones.map
        let isCrumb = map.components.indices.map { place in
            bones.thingOfPlace[place] == nil && pieceOfLabel[Int(map.components[place].label)] != nil
        }
        let contacts = FragmentContacts(map) { isCrumb[$0] }
        return map.components.indices.map { place in
            guard isCrumb[place] else { return nil }
            let centre = bones.line.position(of: map.labels.geometry.affine.applied(to: map.components[place].centroid))
            var faces: [Int: Int] = [:]
            for (other, count) in contacts.faces[place] where other >= 0 {
                guard let thing = bones.thingOfPlace[other],
                    let piece = bones.piece(ofThing: thing, at: centre.place)
                else { continue }
                faces[piece, default: 0] += count
            }
            if let (piece, count) = faces.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
                Double(count) >= Self.contact * Double(contacts.surface[place])
            {
                return piece
            }
            return pieceOfLabel[Int(map.components[place].label)]
        }
    }

    func renamed() -> (labels: Volume<UInt8>, changed: Int) {
        var result = bones.map.labels
        var changed = 0
        let affine = result.geometry.affine
        let sideways = affine.column(0)
        bones.map.forEachPlane { k, plane, _ in
            for j in 0..<result.geometry.size[1] {
                for run in plane.runs(ofRow: j) {
                    let label = plane.labels[run]
                    guard pieceOfLabel[Int(label)] != nil else { continue }
                    let row = result.offset(0, j, k)
                    let voxels = Int(plane.starts[run])..<Int(plane.ends[run])
                    let place = bones.map.place(ofRun: plane.base + run)
                    if let thing = place.flatMap({ bones.thingOfPlace[$0] }), bones.piecesOfThing[thing].count > 1 {
                        var point = affine.applied(to: SIMD3(Double(voxels.lowerBound), Double(j), Double(k)))
                        for i in voxels {
                            let piece = bones.piece(ofThing: thing, at: bones.line.position(of: point).place)
                            let value = piece.map { valueOfPiece[$0] } ?? label
                            if value != label { changed += 1 }
                            result.voxels[row + i] = value
                            point += sideways
                        }
                        continue
                    }
                    let value = value(of: place, label)
                    guard value != label else { continue }
                    changed += voxels.count
                    for i in voxels { result.voxels[row + i] = value }
                }
            }
        }
        return (result, changed)
    }

    private func value(of place: Int?, _ label: UInt8) -> UInt8 {
        guard let place else { return pieceOfLabel[Int(label)].map { valueOfPiece[$0] } ?? label }
        if let thing = bones.thingOfPlace[place] {
            // Off the line: as it was.
            return bones.piecesOfThing[thing].first.map { valueOfPiece[$0] } ?? label
        }
        return pieceOfCrumb[place].map { valueOfPiece[$0] } ?? label
    }
}
