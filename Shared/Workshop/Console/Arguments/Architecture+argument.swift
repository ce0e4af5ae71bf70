import ArgumentParser
import Networks

extension Architecture: DescribedArgument {
    public init?(argument: String) { self.init(rawValue: argument) }
}
