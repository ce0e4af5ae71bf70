import Anatomy
import ArgumentParser
import JobEngine
import LabelMaps
import Metrics
import Volumes

extension Numbering: ExpressibleByArgument {}

extension Metric: ExpressibleByArgument {}

extension EmptyClassPolicy: ExpressibleByArgument {}

extension PipelineName: ExpressibleByArgument {}

extension Priority: ExpressibleByArgument {}

extension Stage: ExpressibleByArgument {}

extension JobState: ExpressibleByArgument {}

extension JobID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension Interpolation: ExpressibleByArgument {}

extension ResamplingConvention: ExpressibleByArgument {}
