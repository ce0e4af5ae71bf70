import Foundation

/// A hospital's archive as jobs see it: something to fetch studies from and to store results in. All calls block.
protocol Archive: Sendable {
    /// The series of a study; none when the archive does not know it.
    func series(ofStudy study: String) throws -> [ArchivedSeries]

    /// Fetches one series into a folder. Some archives send it to the listener instead: then nothing lies there.
    func fetch(series: String, ofStudy study: String, into folder: URL, _ control: TransferControl) throws

    /// Whether the archive has an instance.
    func contains(_ instance: InstanceReference) throws -> Bool

    /// Stores one object; throws when the archive has not confirmed it.
    func store(_ file: URL) throws
}

struct ArchivedSeries: Sendable, Equatable {
    var uid: String
    /// Empty where the archive does not say.
    var modality: String
    /// Nil where the archive does not say.
    var instanceCount: Int?
}

/// Where an instance belongs.
struct InstanceReference: Sendable, Equatable {
    var study: String
    var series: String
    var instance: String
}

/// How a transfer hears that it must stop and tells how far it is.
struct TransferControl: Sendable {
    var isCancelled: @Sendable () -> Bool
    /// Instances that have come since the last call.
    var received: @Sendable () -> Void
}
