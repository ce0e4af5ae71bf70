import Anatomy
import ArgumentParser
import JobEngine
import LabelMaps
import Metrics
import Volumes

extension Numbering: DescribedArgument {}

extension Metric: DescribedArgument {}

extension EmptyClassPolicy: DescribedArgument {}

extension PipelineName: DescribedArgument {}

extension Priority: DescribedArgument {}

extension Stage: DescribedArgument {}

extension JobState: DescribedArgument {}

extension JobID: DescribedArgument {
    static var expectation: String { "an id of 36 characters as in `columna jobs list`" }
    public init?(argument: String) { self.init(argument) }
}

extension Int: DescribedArgument {
    static var expectation: String { "a whole number" }
}

extension UInt64: DescribedArgument {
    static var expectation: String { "a whole number from 0" }
}

extension Double: DescribedArgument {
    static var expectation: String { "a number" }
}

extension Interpolation: DescribedArgument {}

extension ResamplingConvention: DescribedArgument {}
