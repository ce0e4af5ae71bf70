package import Foundation

/// Identity of a study, which jobs serve.
package struct StudyID: UniqueID {
    package let uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }
}
