/// A part of a label map that is a vertebra, a part of one, or none: what a path of names is laid over.
package struct SpinePiece: Sendable, Equatable {
    /// Which connected thing it is of; pieces of the same one were cut apart.
    package var thing: Int
    /// Centre of mass along the spine, from its head end down, millimetres.
    package var place: Double
    /// RAS+ millimetres.
    package var centre: SIMD3<Double>
    package var volumeInMillilitres: Double
    /// What the network thinks, by label value 0 … 255; sums to 1 or, without any thought, to 0.
    package var votes: [Double]
    /// How sure the network is of it; nil where only its labels are known.
    package var certainty: Certainty?
    /// Whether it reaches the edge of the field of view.
    package var isCut = false
    /// Section where it was cut from the next piece of the thing, relative to the widest of both, 0 … 1.
    package var sectionBelow = 0.0

    package init(
        thing: Int, place: Double, centre: SIMD3<Double>, volumeInMillilitres: Double, votes: [Double],
        isCut: Bool = false, sectionBelow: Double = 0
    ) {
        self.thing = thing
        self.place = place
        self.centre = centre
        self.volumeInMillilitres = volumeInMillilitres
        self.votes = votes
        self.isCut = isCut
        self.sectionBelow = sectionBelow
    }
}

/// How sure a network is of bone, as sums over voxels of its grid.
package struct Certainty: Sendable, Equatable {
    var voxels = 0.0
    /// Of the probabilities of all names.
    var bone = 0.0
    /// Of entropies over their greatest value.
    var entropy = 0.0

    static func + (left: Self, right: Self) -> Self {
        Certainty(
            voxels: left.voxels + right.voxels, bone: left.bone + right.bone, entropy: left.entropy + right.entropy)
    }
}

extension SpinePiece {
    /// Several as one.
    package init(_ pieces: ArraySlice<SpinePiece>) {
        guard let last = pieces.last else { preconditionFailure("no pieces to join") }
        self = last
        let volume = max(pieces.map(\.volumeInMillilitres).reduce(0, +), .leastNormalMagnitude)
        func mean<Value: SIMD>(_ value: (SpinePiece) -> Value) -> Value where Value.Scalar == Double {
            pieces.reduce(Value.zero) { $0 + value($1) * ($1.volumeInMillilitres / volume) }
        }
        centre = mean(\.centre)
        place = mean { SIMD2($0.place, 0) }.x
        votes = votes.indices.map { label in
            pieces.reduce(0) { $0 + $1.votes[label] * $1.volumeInMillilitres / volume }
        }
        volumeInMillilitres = volume
        certainty = pieces.compactMap(\.certainty).reduce(nil) { sum, one in sum.map { $0 + one } ?? one }
        isCut = pieces.contains(where: \.isCut)
    }
}
