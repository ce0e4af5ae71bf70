/// One fold of a data set: names of the cases that it learns from and of those that it is validated on. Cases in
/// neither have no part in it.
package struct DataSetFold: Sendable, Equatable {
    /// From 0.
    package var number: Int
    /// In alphabetical order by code units, as nnU-Net's are.
    package var training: [String]
    package var validation: [String]

    package init(number: Int, training: [String], validation: [String]) {
        self.number = number
        self.training = training
        self.validation = validation
    }
}
