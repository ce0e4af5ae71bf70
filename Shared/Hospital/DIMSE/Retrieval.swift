/// How far a C-GET or C-MOVE is, or how it ended: numbers of objects.
package struct Retrieval: Sendable, Hashable {
    /// Nil where the node does not say.
    package var remaining: Int?
    package var completed: Int
    package var failed: Int
    package var warnings: Int

    /// Nothing failed; with `completed` 0 the node had nothing to send.
    package var isWhole: Bool { failed == 0 }
}
