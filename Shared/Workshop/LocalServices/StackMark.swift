/// A variable in the environment of every process of a stack, inherited by whatever these start:
/// `COLUMNA_LOCAL_STACK=<random>/<part>`.
///
/// It finds the helpers that RabbitMQ scatters over sessions of their own, and processes that a command started just
/// before it died.
struct StackMark: Codable, Sendable {
    enum Part: String { case database, broker, mapper, worker }

    var identifier: String

    static let name = "COLUMNA_LOCAL_STACK"

    func variable(_ part: Part) -> [String: String] { [Self.name: "\(identifier)/\(part.rawValue)"] }

    /// The processes of one part, or of all.
    func processes(_ part: Part? = nil) -> [ProcessIdentity] {
        ProcessIdentity.all(environmentPrefix: "\(Self.name)=\(identifier)/\(part?.rawValue ?? "")")
    }
}
