import Anatomy
import Foundation
import Volumes

/// The path of names that is taken, from the head down as the network and anatomy see it, and what is to be said of it.
struct NameChoice: Sendable {
    let model: NamingModel
    let path: NamePath
    /// Whether the head lies where the file says the feet do.
    let isReversed: Bool
    /// Names of what tells where the count ends.
    let anchors: [String]

    /// How much better the reversed order must fit, nats, and of how many vertebrae: two may be misnamed.
    private static let reversal = 6.0

    /// - Parameter pieces: from the head down, as the file has it.
    init?(_ pieces: [SpinePiece], labelSet: LabelSet, weights: NamingWeights) {
        let anchors = Self.anchors(pieces, labelSet)
        func chosen(_ pieces: [SpinePiece]) -> (NamingModel, NamePath)? {
            let model = NamingModel(pieces, labelSet: labelSet, isAnchored: !anchors.isEmpty, weights: weights)
            return NamePath(model).map { (model, $0) }
        }
        guard let (model, path) = chosen(pieces) else { return nil }
        self.anchors = anchors
        if Self.mayBeReversed(pieces), let (turned, other) = chosen(Self.reversed(pieces)), other.vertebrae.count > 2,
            other.cost + Self.reversal < path.cost
        {
            (self.model, self.path, isReversed) = (turned, other, true)
        } else {
            (self.model, self.path, isReversed) = (model, path, false)
        }
    }

    /// Whether the network's names fall more often than they rise; else no path from the feet up can be the better by
    /// `reversal`.
    private static func mayBeReversed(_ pieces: [SpinePiece]) -> Bool {
        let means = pieces.map { piece in piece.votes.indices.reduce(0) { $0 + Double($1) * piece.votes[$1] } }
        return zip(means, means.dropFirst()).reduce(0) { $0 + ($1.0 > $1.1 ? 1 : $1.0 < $1.1 ? -1 : 0) } > 0
    }

    private static func reversed(_ pieces: [SpinePiece]) -> [SpinePiece] {
        var turned = Array(pieces.reversed())
        for place in turned.indices {
            turned[place].place.negate()
            turned[place].sectionBelow = place + 1 < turned.count ? turned[place + 1].sectionBelow : 0
        }
        return turned
    }

    /// Bones that no neighbour looks like: the sacrum, and the two uppermost vertebrae.
    private static func anchors(_ pieces: [SpinePiece], _ labelSet: LabelSet) -> [String] {
        ["C1", "C2", "sacrum"].filter { name in
            guard let value = labelSet.value(of: name) else { return false }
            return pieces.contains { $0.votes[Int(value)] >= 0.5 && $0.volumeInMillilitres >= 4 }
        }
    }

    /// Nats between this and the best path that begins with another level.
    var margin: Double? { path.alternative.map { $0.cost - path.cost } }

    /// By piece in the file's order: the vertebra it is of, as place in `path.vertebrae`.
    var vertebraOfPiece: [Int?] {
        var vertebrae = [Int?](repeating: nil, count: model.pieces.count)
        for (number, vertebra) in path.vertebrae.enumerated() {
            for piece in vertebra.run { vertebrae[isReversed ? model.pieces.count - 1 - piece : piece] = number }
        }
        return vertebrae
    }

    /// Whether a level that no vertebra has would lie between its neighbours there: what is too small to be taken for a
    /// vertebra may be one that the field of view shows a sliver of. Beyond the ends only the next level is believed.
    ///
    /// - Parameter place: along the line, as the file has it.
    func hasRoom(for level: SpineLevel, at place: Double) -> Bool {
        let place = isReversed ? -place : place
        let isAbove = { (vertebra: NamePath.Vertebra) in SpinePiece(model.pieces[vertebra.run]).place < place }
        let above = path.vertebrae.last(where: isAbove)?.level
        let below = path.vertebrae.first { !isAbove($0) }?.level
        return switch (above, below) {
        case (let above?, let below?): above < level && level < below
        case (let above?, nil): level.rank == above.rank + 1
        case (nil, let below?): level.rank == below.rank - 1
        case (nil, nil): false
        }
    }

    // MARK: What is to be said

    func vertebrae(_ labelSet: LabelSet) -> [AnatomicalNames.Vertebra] {
        path.vertebrae.indices.map { place in
            let joined = joined(place)
            let said = said(of: joined, labelSet)
            return AnatomicalNames.Vertebra(
                name: path.vertebrae[place].level.name, value: model.value(of: path.vertebrae[place].level),
                networkName: said.first?.name, networkShare: said.first?.share ?? 0,
                meanConfidence: confidence(joined, path.vertebrae[place].level),
                meanEntropy: joined.certainty.map { min(1, $0.entropy / max($0.voxels, 1)) },
                volumeInMillilitres: joined.volumeInMillilitres, centroid: joined.centre,
                because: because(place, said))
        }
    }

    /// The mean probability that the network gives the name that was chosen.
    private func confidence(_ piece: SpinePiece, _ level: SpineLevel) -> Double? {
        guard let certainty = piece.certainty, let value = model.value(of: level) else { return nil }
        return min(1, piece.votes[Int(value)] * certainty.bone / max(certainty.voxels, 1))
    }

    private func joined(_ place: Int) -> SpinePiece { SpinePiece(model.pieces[path.vertebrae[place].run]) }

    /// The network's names of it, the most frequent first, from a twentieth on.
    private func said(of piece: SpinePiece, _ labelSet: LabelSet) -> [(name: String, share: Double)] {
        piece.votes.enumerated().filter { $0.element >= 0.05 }.sorted {
            ($1.element, $0.offset) < ($0.element, $1.offset)
        }
        .compactMap { value, share in labelSet.label(of: UInt8(value)).map { ($0.name, share) } }
    }

    private func because(_ place: Int, _ said: [(name: String, share: Double)]) -> String {
        let vertebra = path.vertebrae[place]
        let names = said.prefix(3).map { "\($0.name) (\(Int(($0.share * 100).rounded())) %)" }.joined(separator: ", ")
        var reasons = [names.isEmpty ? "the network names it nowhere" : "the network says \(names)"]
        if vertebra.shift != 0 {
            reasons.append("which is \(Self.levels(vertebra.shift)) here")
        }
        if vertebra.run.count > 1 { reasons.append("\(vertebra.run.count) pieces make one vertebra") }
        if place > 0, let step = path.vertebrae[place - 1].step {
            reasons.append(neighbour(path.vertebrae[place - 1], joined(place - 1), joined(place), step))
        }
        if let last = path.vertebrae.last, last.level == .sacrum, place + 1 < path.vertebrae.count {
            let count = path.vertebrae.count - 1 - place
            reasons.append("it lies \(Self.ordinal(count)) above the sacrum")
        }
        return "\(vertebra.level.name) because " + reasons.joined(separator: "; ")
    }

    private func neighbour(_ upper: NamePath.Vertebra, _ above: SpinePiece, _ below: SpinePiece, _ step: LevelStep)
        -> String
    {
        let expected = String(format: ", expected %.1f", step.gapInMillimetres * path.size)
        let figures =
            String(format: "%.1f mm below ", (above.centre - below.centre).length) + upper.level.name
            // How far down the sacrum's centre lies is the field of view's doing.
            + (step.deviationInMillimetres == model.weights.sacrumDeviationInMillimetres ? "" : expected)
        return switch step.kind {
        case .regular: figures
        case .missed(let count): figures + " with \(count == 1 ? "one" : String(count)) between that is not segmented"
        case .additional(let level): figures + ", one more than most people have (\(level.name))"
        case .lacking(let level): figures + ", as of somebody without \(level.name)"
        }
    }

    static func levels(_ shift: Int) -> String {
        "\(abs(shift)) \(abs(shift) == 1 ? "level" : "levels") too \(shift > 0 ? "low" : "high")"
    }

    private static func ordinal(_ count: Int) -> String {
        guard !(11...13).contains(count % 100) else { return "\(count)th" }
        return switch count % 10 {
        case 1: "\(count)st"
        case 2: "\(count)nd"
        case 3: "\(count)rd"
        default: "\(count)th"
        }
    }
}
