package import Foundation

/// Identity of a job. In JSON, too, it is in lower case: messages name it.
package struct JobID: UniqueID {
    package let uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }

    package func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}
