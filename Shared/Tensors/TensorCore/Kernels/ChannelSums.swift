import Threads

/// Two sums per sample and channel: Σ y and Σ y², or Σ g and Σ g·x. Tasks add up in their own places, which are then
/// added in order, so that the number of threads never changes a bit.
package struct ChannelSums: Sendable {
    /// N × C.
    let first: [Double]
    let second: [Double]

    /// The places of all tasks: task t works on sample `t / tasksPerSample`.
    struct Partial {
        let tasksPerSample: Int
        let blocks: Int
        let channels: Int
        let batch: Int
        var moments: [Outflow.Moments]

        /// Empty in a rehearsal, which has nothing to sum.
        init(batch: Int, channels: Int, tasksPerSample: Int, in workspace: Workspace) {
            self.batch = batch
            self.channels = channels
            self.tasksPerSample = tasksPerSample
            blocks = (channels + 7) / 8
            moments = Array(
                repeating: Outflow.Moments(), count: workspace.isRehearsal ? 0 : batch * tasksPerSample * blocks)
        }

        mutating func withPlaces<R>(_ body: (SharedPointer<Outflow.Moments>) -> R) -> R {
            moments.withUnsafeMutableBufferPointer {
                body(SharedPointer($0.baseAddress ?? UnsafeMutablePointer(bitPattern: 64)!))
            }
        }

        func summed() -> ChannelSums {
            var totals = Array(repeating: Outflow.Moments(), count: batch * blocks)
            for task in 0..<moments.count / max(1, blocks) {
                let sample = task / tasksPerSample
                for block in 0..<blocks {
                    totals[sample * blocks + block].first += moments[task * blocks + block].first
                    totals[sample * blocks + block].second += moments[task * blocks + block].second
                }
            }
            func values(_ lane: (Outflow.Moments) -> DoubleVector) -> [Double] {
                (0..<batch * channels).map { index in
                    let (sample, channel) = (index / channels, index % channels)
                    return lane(totals[sample * blocks + channel / 8])[channel % 8]
                }
            }
            return ChannelSums(first: values(\.first), second: values(\.second))
        }
    }
}
