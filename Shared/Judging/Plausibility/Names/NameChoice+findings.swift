import Anatomy
import Foundation
import Volumes

extension NameChoice {
    /// Another first level that fits worse by less than this, nats, is told.
    private static let doubt = 1.0

    func findings(_ labelSet: LabelSet, axis: SIMD3<Double>) -> [Finding] {
        let vertebrae = vertebrae(labelSet)
        return orientation(vertebrae, axis) + unusual + ambiguous(vertebrae) + changed(vertebrae, labelSet)
            + unanchored(vertebrae)
    }

    private func orientation(_ vertebrae: [AnatomicalNames.Vertebra], _ axis: SIMD3<Double>) -> [Finding] {
        let values = vertebrae.compactMap(\.value)
        if isReversed {
            return [
                Finding(
                    .orientationContradicted, .review, values,
                    "the vertebrae count from what the file calls the feet up to the head: it may be upside down")
            ]
        }
        guard abs(axis.z) < 0.5, vertebrae.count > 2 else { return [] }
        return [
            Finding(
                .orientationContradicted, .review, values,
                String(
                    format: "the spine runs at %.0f° to what the file calls head to feet: its axes may be wrong",
                    acos(min(1, abs(axis.z))) * 180 / .pi))
        ]
    }

    private var unusual: [Finding] {
        path.vertebrae.enumerated().compactMap { place, vertebra in
            let value = model.value(of: vertebra.level)
            switch vertebra.step?.kind {
            case .additional(let level):
                return Finding(
                    .numberingUnusual, .review, [],
                    "there is a vertebra between \(vertebra.level.name) and what follows, counted as \(level.name)"
                        + (model.value(of: level) == nil ? ", which the label set does not have: it is background" : "")
                )
            case .lacking(let level):
                let lower = path.vertebrae[place + 1].level
                return Finding(
                    .numberingUnusual, .review, [value, model.value(of: lower)].compactMap { $0 },
                    "\(lower.name) follows \(vertebra.level.name): \(level.name) seems to be missing in this patient")
            default: return nil
            }
        }
    }

    private func ambiguous(_ vertebrae: [AnatomicalNames.Vertebra]) -> [Finding] {
        guard !anchors.isEmpty, let margin, margin < Self.doubt, let other = path.alternative?.level,
            let first = vertebrae.first
        else { return [] }
        return [
            Finding(
                .namesAmbiguous, .review, vertebrae.compactMap(\.value),
                "the uppermost vertebra is \(first.name), and \(other.name) fits nearly as well: all names may be off")
        ]
    }

    /// One for all vertebrae in a row that are off by as much.
    private func changed(_ vertebrae: [AnatomicalNames.Vertebra], _ labelSet: LabelSet) -> [Finding] {
        var stretches: [(off: Int, range: Range<Int>)] = []
        for (place, vertebra) in vertebrae.enumerated() {
            guard let said = vertebra.networkName.flatMap(SpineLevel.init(name:)), said.name != vertebra.name else {
                continue
            }
            let off = said.rank - path.vertebrae[place].level.rank
            if let last = stretches.last, last.off == off, last.range.upperBound == place {
                stretches[stretches.count - 1].range = last.range.lowerBound..<place + 1
            } else {
                stretches.append((off, place..<place + 1))
            }
        }
        return stretches.map { _, range in
            let (first, last) = (vertebrae[range.lowerBound], vertebrae[range.upperBound - 1])
            func span(_ one: String, _ other: String) -> String { one == other ? one : "\(one) to \(other)" }
            return Finding(
                .namesChanged, .information, vertebrae[range].compactMap(\.value),
                "the network's \(span(first.networkName ?? "", last.networkName ?? "")) \(range.count == 1 ? "is" : "are") "
                    + "\(span(first.name, last.name)) by anatomy: \(last.because)")
        }
    }

    private func unanchored(_ vertebrae: [AnatomicalNames.Vertebra]) -> [Finding] {
        guard anchors.isEmpty else { return [] }
        return [
            Finding(
                .namesUnanchored, .information, vertebrae.compactMap(\.value),
                "neither sacrum nor atlas nor axis is in view: where the count begins is the network's word")
        ]
    }
}
