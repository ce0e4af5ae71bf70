package import Anatomy
import Faults
import Surfaces
import Synchronization
package import Threads
package import Volumes

extension CaseMetrics {
    /// Measures everything between two label maps on one grid.
    ///
    /// Overlap comes from one pass over all voxels; distances from exact transforms of the boxes around each class. It
    /// takes at most 6 bytes a voxel besides the volumes; blocks; and gives the same bits for any number of threads.
    /// Grids with shear are measured as they lie in space, slower.
    ///
    /// Throws `invalidGrid` for an affine that no grid has, `gridsDiffer` if sizes or corner positions (by more than
    /// 1e-3 mm) differ, `labelOutsideSet` for voxel values the set does not have, and `invalidTolerance`.
    package static func measure(
        truth: Volume<UInt8>, prediction: Volume<UInt8>, labelSet: LabelSet, options: MetricOptions = MetricOptions(),
        pool: ComputePool = .shared
    ) throws -> CaseMetrics {
        try options.check()
        try MetricsError.requireComparable(truth.geometry, prediction.geometry)
        let census = PairCensus(truth: truth, prediction: prediction, pool: pool)
        let matrix = try ConfusionMatrix(census, labelSet: labelSet)
        let pair = LabelPair(truth: truth, prediction: prediction)
        let surfaces = compareSurfaces(pair, census, labelSet: labelSet, options: options, pool: pool)
        let volume = truth.geometry.voxelVolumeInCubicMillimetres
        let classes = labelSet.labels.map { label in
            var one = ClassMetrics(
                label: label, counts: matrix.counts(of: label.value), voxelVolumeInCubicMillimetres: volume,
                emptyClasses: options.emptyClasses)
            let (truth, prediction) = (census.truth[Int(label.value)], census.prediction[Int(label.value)])
            if let result = surfaces[label.value] {
                one.voxelSurface = result.voxelSurface
                one.meshSurface = result.meshSurface
                one.agreement = result.agreement
            } else {
                one.agreement = options.agreementWhereOneIsEmpty(one.presence)
            }
            if let there = truth.centroid, let here = prediction.centroid {
                one.centroidDistanceInMillimetres = pair.frame.squaredLength(there - here).squareRoot()
            }
            one.touchesBorder = truth.box.map { $0.lower.min() == 0 || any($0.upper .== pair.size &- 1) } ?? false
            return one
        }
        return CaseMetrics(
            classes: classes, identification: Identification(census, matrix, pair.frame), confusion: matrix.entries,
            accuracy: matrix.accuracy,
            kappa: matrix.kappa, options: options)
    }

    /// Of the classes that both maps have. Small boxes are done beside each other, large ones one after the other by
    /// all threads: so memory is bounded by the volume.
    private static func compareSurfaces(
        _ pair: LabelPair, _ census: PairCensus, labelSet: LabelSet, options: MetricOptions, pool: ComputePool
    ) -> [UInt8: SurfaceComparison.Result] {
        let comparisons = labelSet.labels.compactMap { label -> SurfaceComparison? in
            guard let truth = census.truth[Int(label.value)].box,
                let prediction = census.prediction[Int(label.value)].box
            else { return nil }
            return SurfaceComparison(label: label.value, pair: pair, box: truth.union(prediction), options: options)
        }
        let limit = min(1 << 22, pair.truth.geometry.voxelCount / pool.threads)
        // The largest first, so that no thread is left with it at the end.
        let ordered = comparisons.sorted { ($0.box.voxels, $1.label) > ($1.box.voxels, $0.label) }
        let (large, small) = (ordered.filter { $0.box.voxels > limit }, ordered.filter { $0.box.voxels <= limit })
        let results = Mutex<[UInt8: SurfaceComparison.Result]>([:])
        for comparison in large {
            let result = comparison.run(pool: pool)
            results.withLock { $0[comparison.label] = result }
        }
        pool.forEach(count: small.count) { index in
            let result = small[index].run(pool: .caller)
            results.withLock { $0[small[index].label] = result }
        }
        return results.withLock { $0 }
    }
}

extension MetricOptions {
    /// Throws `invalidTolerance`.
    func check() throws {
        for tolerance in tolerancesInMillimetres where !(tolerance >= 0 && tolerance.isFinite) {
            throw MetricsError(.invalidTolerance, "tolerances must be millimetres of 0 or more, got \(tolerance)")
        }
    }

    /// Nothing of a surface is near one that is not there; and where there are none, the policy says what that is
    /// worth.
    func agreementWhereOneIsEmpty(_ presence: Presence) -> [SurfaceAgreement] {
        let value = emptyClasses.value(presence, isOneWhereAbsent: false, counted: presence == .absent ? nil : 0)
        return tolerancesInMillimetres.map {
            SurfaceAgreement(toleranceInMillimetres: $0, boundaryF1: value, normalizedSurfaceDice: value)
        }
    }
}
