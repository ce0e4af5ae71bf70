/// The ways a study can take through the stages.
package enum PipelineName: String, Sendable, Codable, CaseIterable {
    /// Ingest, preprocess, segment; evaluate if a label came with it.
    case segment
    /// Ingest and preprocess a labelled study into a data set.
    case `import`
}
