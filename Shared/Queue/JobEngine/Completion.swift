/// Everything a successful attempt leaves behind; written in one transaction with the job's state.
package struct Completion: Sendable {
    package var outputs: [ArtifactReference]
    /// Artifacts read beyond the declared inputs (a model's weights, a data set's cases), for the lineage.
    package var additionalInputs: [ArtifactReference]
    package var facts: [Fact]
    package var children: [JobRequest]
    /// One line for `columna jobs show`.
    package var summary: String
    /// False: the job ended without asking what it depends on (`JobHandler.dependency`), which proves nothing of that.
    package var askedDependency: Bool

    package init(
        outputs: [ArtifactReference] = [], additionalInputs: [ArtifactReference] = [], facts: [Fact] = [],
        children: [JobRequest] = [],
        summary: String = "", askedDependency: Bool = true
    ) {
        self.outputs = outputs
        self.additionalInputs = additionalInputs
        self.facts = facts
        self.children = children
        self.summary = summary
        self.askedDependency = askedDependency
    }
}
