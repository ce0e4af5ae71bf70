package import Foundation

/// What whoever looks at a training must know of it and no figure says. Free of patient data.
package struct TrainingRemark: Sendable, Codable, Equatable {
    package enum Code: String, Sendable, Codable, CaseIterable {
        /// The last checkpoint could not be read: the run goes on from the one before, or from the beginning.
        case checkpointUnreadable = "checkpoint-unreadable"
        /// A checkpoint could not be written: the run goes on, and the one before is kept.
        case checkpointNotWritten = "checkpoint-not-written"
        /// The loss was no number: the run went back and halved its rate.
        case returned
        /// No epoch was better for as long as the recipe waits, so it ended before its last epoch.
        case patienceOver = "patience-over"
        /// A rank was lost: all went on from the last checkpoint.
        case rankLost = "rank-lost"
        /// Several ranks made its steps, or not always as many.
        case ranks
        /// An operator asked it to end, and it did, before its last epoch.
        case finishedEarly = "finished-early"
    }

    /// A `Code`, or one of a newer program.
    package var code: String
    /// A sentence.
    package var remark: String

    package init(_ code: Code, _ remark: String) {
        self.code = code.rawValue
        self.remark = remark
    }

    package init(code: String, remark: String) {
        self.code = code
        self.remark = remark
    }
}

/// One as it stands in the books.
package struct NotedRemark: Sendable, Equatable {
    package var remark: TrainingRemark
    package var notedAt: Date

    package init(_ remark: TrainingRemark, notedAt: Date) {
        self.remark = remark
        self.notedAt = notedAt
    }
}
