import ArgumentParser
import Networks

extension Architecture: ExpressibleByArgument {
    public init?(argument: String) { self.init(rawValue: argument) }
}
