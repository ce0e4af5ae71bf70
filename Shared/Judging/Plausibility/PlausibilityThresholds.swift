/// Where plausible ends. The defaults let pass whatever anatomy does and stop what segmentations do wrong (a vertebra
/// missed, merged, split, labelled twice or out of turn): all factors compare a vertebra with those around it in the
/// same patient, so that stature and age do not matter.
package struct PlausibilityThresholds: Sendable, Equatable {
    /// Centroid distance of two neighbours over the median of the four nearest such distances. From C3 to L5 it grows
    /// from about 17 to 36 mm, by less than a fifth from pair to pair (heights of bodies and discs: Busscher et al.,
    /// Eur Spine J 2010), so anatomy stays within 0.7 … 1.4, also with a collapsed vertebra; one vertebra passed over
    /// doubles it, one split in two halves it.
    package var spacingRatio: ClosedRange<Double> = 0.55...1.7
    /// Volume over the median of the four nearest measurable vertebrae. Volumes grow from T1 to L4, L5 is a little
    /// smaller (Surg Radiol Anat 2016;38:303); C2 with its dens is about 1.7 times its neighbours; a body crushed flat
    /// still has its arch, which is about a third of a vertebra. A vertebra that a neighbour has taken a half of is at
    /// 0.5, two merged ones at 2.
    package var volumeRatio: ClosedRange<Double> = 0.5...2
    /// Of a whole vertebra in millilitres: below the first are crumbs, above the second no human's (a large man's L4
    /// has about 90).
    package var volumeInMillilitres: ClosedRange<Double> = 1...150
    /// A second component this large, relative to the largest, …
    package var duplicateShare = 0.2
    /// … and with its centroid this far from the largest's, millimetres, makes a duplicate: a vertebra counts as found
    /// within 20 mm of its place in the VerSe benchmark (Sekuboyina et al., Med Image Anal 2021).
    package var duplicateDistanceInMillimetres = 20.0
    /// Part of a label's voxels outside its largest component from which on it is to be reviewed. Interpolation and
    /// thin arches leave less.
    package var fragmentShare = 0.05
    /// How far the centroid of a vertebra cut by the field of view may lie on the wrong side of its neighbour's,
    /// millimetres: of a thoracic vertebra just above the edge only the spinous process may be in view, which reaches
    /// down over the next body.
    package var orderToleranceOfCutInMillimetres = 10.0
    /// Mean entropy over ln K. A coin toss between two classes is 0.21 with 26 classes; the mean over a vertebra that a
    /// network knows is far below, since only its surface is in doubt.
    package var highestMeanEntropy = 0.15

    package init() {}
}
