import Faults

/// The packages that bring the services.
enum DebianPackage: String {
    case postgreSQL = "postgresql-15"
    case rabbitMQ = "rabbitmq-server"

    /// The error for something that only this package installs.
    func missing(_ what: String) -> LocalServicesError {
        LocalServicesError(
            .packageMissing,
            "\(what) is missing, which Debian's package \(rawValue) installs; run `sudo apt-get install \(rawValue)`")
    }
}
