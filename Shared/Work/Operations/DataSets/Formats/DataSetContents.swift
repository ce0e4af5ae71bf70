/// The labelled CTs of a folder, and what of it is none.
package struct DataSetContents: Sendable {
    /// A case that will not be imported.
    package struct LeftOut: Sendable, Equatable {
        package let name: String
        package let reason: String

        package init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    /// Ordered by name.
    package var cases: [LabelledCase] = []
    /// Meant as cases, but something is wrong with them.
    package var unreadable: [LeftOut] = []
    /// Cases that the data set's authors or users found to be wrong.
    package var knownBroken: [LeftOut] = []
    /// What the folder has besides.
    package var remarks: [String] = []
    /// What it calls its labels, where it says so.
    var stated: StatedLabels?

    package init(cases: [LabelledCase] = []) { self.cases = cases }

    /// Remarks that there is nothing to learn from these.
    mutating func note(_ names: [String], _ singular: String, _ plural: String) {
        guard !names.isEmpty else { return }
        remarks.append(
            "\(DataSetFiles.counted(names, "case")) \(names.count == 1 ? singular : plural) and \(names.count == 1 ? "is" : "are") left out"
        )
    }
}
