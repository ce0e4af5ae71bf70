/// Distances from every point of one surface to the nearest point of another, in millimetres.
package struct DirectedDistances: Sendable, Hashable, Codable {
    package var maximum: Double
    /// The 95th percentile, linear between neighbours (numpy's default).
    package var percentile95: Double
    package var mean: Double
    package var rootMeanSquare: Double
    /// How many points were measured from.
    package var points: Int

    package init(maximum: Double, percentile95: Double, mean: Double, rootMeanSquare: Double, points: Int) {
        self.maximum = maximum
        self.percentile95 = percentile95
        self.mean = mean
        self.rootMeanSquare = rootMeanSquare
        self.points = points
    }

    /// Columns of `class_distances`.
    private enum CodingKeys: String, CodingKey {
        case maximum, percentile95, mean, points
        case rootMeanSquare = "root_mean_square"
    }
}

/// Both directions between two surfaces, neither of them empty.
package struct SurfaceDistances: Sendable, Hashable {
    package var truthToPredicted: DirectedDistances
    package var predictedToTruth: DirectedDistances

    package init(truthToPredicted: DirectedDistances, predictedToTruth: DirectedDistances) {
        self.truthToPredicted = truthToPredicted
        self.predictedToTruth = predictedToTruth
    }

    /// The larger of the directed maxima.
    package var hausdorff: Double { max(truthToPredicted.maximum, predictedToTruth.maximum) }
    /// The larger of the directed 95th percentiles (as MONAI and DeepMind take it).
    package var hausdorff95: Double { max(truthToPredicted.percentile95, predictedToTruth.percentile95) }
    /// The larger of the directed means (Müller et al. 2022).
    package var averageHausdorff: Double { max(truthToPredicted.mean, predictedToTruth.mean) }
    /// The larger of the directed root mean squares.
    package var rmsHausdorff: Double { max(truthToPredicted.rootMeanSquare, predictedToTruth.rootMeanSquare) }
    /// Average symmetric surface distance: the mean over the points of both surfaces together.
    package var assd: Double {
        let (there, back) = (Double(truthToPredicted.points), Double(predictedToTruth.points))
        return (truthToPredicted.mean * there + predictedToTruth.mean * back) / (there + back)
    }
}
