package import Anatomy
import ArgumentParser
package import JobEngine
package import Metrics
package import Operations
package import Studies
package import Volumes

extension Numbering: DescribedArgument {}

extension SacrumExtent: DescribedArgument {}

extension DataSetFormat: DescribedArgument {}

extension TotalSegmentatorRelease: DescribedArgument {}

extension Metric: DescribedArgument {}

extension EmptyClassPolicy: DescribedArgument {}

extension PipelineName: DescribedArgument {}

extension NameSource: DescribedArgument {}

extension Priority: DescribedArgument {}

extension Stage: DescribedArgument {}

extension JobState: DescribedArgument {}

extension ContentAddress: DescribedArgument {}

extension JobID: DescribedArgument {
    package static var expectation: String { "an id of 36 characters as in `columna jobs list --json`" }
    public init?(argument: String) { self.init(argument) }
}

extension ModelReference: DescribedArgument {
    package static var expectation: String { "NAME or NAME@VERSION" }
}

extension StudyID: DescribedArgument {
    package static var expectation: String { JobID.expectation }
    public init?(argument: String) { self.init(argument) }
}

extension Tenant: DescribedArgument {
    package static var expectation: String { "a tenant's name of \(rule)" }
    public init?(argument: String) { self.init(named: argument) }
}

extension Int: DescribedArgument {
    package static var expectation: String { "a whole number" }
}

extension UInt64: DescribedArgument {
    package static var expectation: String { "a whole number from 0" }
}

extension Double: DescribedArgument {
    package static var expectation: String { "a number" }
}

extension Interpolation: DescribedArgument {}

extension ResamplingConvention: DescribedArgument {}
