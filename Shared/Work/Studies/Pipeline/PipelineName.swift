/// The ways a study can take through the stages.
package enum PipelineName: String, Sendable, Codable, CaseIterable {
    /// Ingest, preprocess, segment; evaluate if a label came with it.
    case segment
    /// Ingest and preprocess a labelled study into a data set.
    case `import`
    /// Preprocess, segment and measure a case of a data set: laid out as a whole beforehand, so that a job takes what
    /// its request does not name from the jobs it waited for.
    case evaluate
    /// Read a label map that a person corrected.
    case correct
}
