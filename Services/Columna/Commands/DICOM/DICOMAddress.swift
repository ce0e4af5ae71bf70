import ArgumentParser
import Console
import DIMSE

/// Where a node listens.
struct DICOMAddress: DescribedArgument, CustomStringConvertible {
    static let expectation = "HOST:PORT, where HOST is a name or an IPv4 address and PORT from 1 to 65535"
    let host: String
    let port: Int

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Int(parts[1]),
            (try? ApplicationEntity(title: "ANY", host: String(parts[0]), port: port)) != nil
        else { return nil }
        self.host = String(parts[0])
        self.port = port
    }

    var description: String { "\(host):\(port)" }
}
