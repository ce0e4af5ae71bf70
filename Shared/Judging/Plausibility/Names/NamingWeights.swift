/// What each kind of disagreement costs a path of names, in nats (minus the logarithm of how often it happens, over
/// that of the usual). How they were found is in `docs/names.md`.
package struct NamingWeights: Sendable {
    /// How often a network names a vertebra so many levels off, 0, 1, 2 …, each side; the last: farther.
    package var confusion: [Double] = [0.75, 0.08, 0.02, 0.008, 0.002]
    /// How many levels a network may be off over a stretch of the spine. Its errors are of one piece: who takes L1 for
    /// T12 takes L2 for L1.
    package var mostShift = 2
    /// That it begins a level off, a level; only where an anchor can tell.
    package var shiftAtStart = 2.0
    /// That it takes a vertebra for the sacrum, or the sacrum for a vertebra.
    package var sacrumForVertebra = 4.0
    /// That it takes the atlas or the axis for another, or another for one of them.
    package var distinctForOther = 2.0
    /// That it gets off by a level, or on again, from one vertebra to the next.
    package var shiftChange = 1.0
    /// Each vertebra in a stretch that is off.
    package var shifted = 0.08
    /// A vertebra in between that was not segmented.
    package var missed = 3.5
    package var mostMissed = 3
    /// A vertebra that most people do not have: L6 in 4 to 11 %, T13 in 1 to 2 %.
    package var additional: [SpineLevel: Double] = [.t13: 4.2, .l6: 2.5]
    /// One that few people lack: T12 (11 thoracic) or L5 (4 lumbar) in 1 to 2 %.
    package var lacking: [SpineLevel: Double] = [.t12: 4.2, .l5: 4.2]
    /// Of a gap within one patient, relative to it.
    package var gapDeviation = 0.08
    package var sacrumDeviationInMillimetres = 15.0
    /// The most that one gap can speak against a name: fractures and slipped vertebrae are not misnamed.
    package var mostOfGap = 5.0
    /// Of patients' sizes, natural logarithm.
    package var sizeDeviation = 0.1
    /// Sizes that are tried, relative to the middling one.
    package var sizes: [Double] = [0.72, 0.82, 0.91, 1, 1.09, 1.2]
    /// Logarithm of volume over usual volume: free within, and what a deviation beyond is.
    package var volumeTolerance = 0.45
    package var volumeDeviation = 0.25
    package var mostOfVolume = 5.0
    /// Two pieces that the network named apart make one vertebra.
    package var merge = 2.5
    /// Their distance along the spine, in gaps: free up to this, and what a deviation beyond is.
    package var mergeTolerance = 0.5
    package var mergeDeviation = 0.12
    /// Deviations from which on they are not one vertebra.
    package var mostOfMerge = 3.5
    /// A piece that the network does not take for sacrum is of the sacrum.
    package var intoSacrum = 4.5
    /// One piece is two vertebrae: where the section between is nothing, and what more where it is none the narrower.
    package var cut = 1.0
    package var cutThroughBone = 2.5
    /// A piece is no vertebra: one of no size, and what more one of a vertebra's.
    package var noVertebra = 2.0
    package var noVertebraOfSize = 5.0
    /// Pieces that may be left out one after the other, and joined.
    package var mostLeftOut = 3
    package var mostJoined = 4

    package init() {}
}
