import Console
import Faults
import Foundation
import Networks
import Plans
import Segmentation
import TensorCore
import Threads
import Volumes

/// A whole volume through a network again and again, window by window, to labels.
struct VolumeBenchmark {
    private let segmenter: Segmenter
    private let volume: Volume<Float>
    private(set) var labels: [UInt8] = []

    init(_ options: NetworkBenchmarkOptions, overlap: Double) throws {
        guard let path = options.input else {
            throw CommandFailure(.usage, "--input: a volume is needed (tensor `input`, 1, 1, D, H, W)")
        }
        let network = try NetworkFiles(
            architecture: options.architecture, configuration: options.config, weights: options.weights
        ).readNetwork()
        let input = try NamedFile("--input", path).read { data in
            let input = try Safetensors(data: data).tensor("input")
            guard input.shape.count == 5, input.shape[..<2] == [1, 1], input.shape.allSatisfy({ $0 > 0 }) else {
                throw TensorError(.shapeMismatch, "the volume must have the shape (1, 1, D, H, W), got \(input.shape)")
            }
            try input.requireFinite("the input")
            return input
        }
        var plan = Plan()
        plan.network = network.configuration
        // Of no label set: only the number of classes matters.
        plan.labelSet = "benchmark"
        plan.patch = options.patch?.edges ?? NetworkConfiguration.standardPatch(network.configuration.architecture)
        plan.slidingWindow.overlap = overlap
        volume = TensorVolume.volume(
            input,
            geometry: Geometry(
                size: Array(input.shape[2...]), affine: Affine(spacingInMillimetres: plan.spacingInMillimetres)))
        segmenter = try Segmenter(
            Model(plan: plan, parameters: network.parameters), arithmetic: options.arithmetic,
            pool: ComputePool(threads: options.threads))
    }

    var windows: Int { segmenter.windowCount(networkSize: volume.geometry.size) }

    mutating func run() throws { labels = try segmenter.networkLabels(networkReady: volume).voxels }

    /// The tensor `labels`, (1, 1, D, H, W).
    func writeLabels(to path: String) throws {
        let classes = TensorVolume.labels(Volume(geometry: volume.geometry, voxels: labels))
        try Safetensors.write(
            [("labels", Tensor(classes.map(Float.init), shape: [1, 1] + volume.geometry.size))], to: URL(filePath: path)
        )
    }
}
