/// The memory of one pass at its peak and the work it will do, known before it starts.
package struct MemoryPlan: Sendable, Equatable {
    /// Activations, gradients and transformed weights that the pass makes and lets go of.
    package var activationBytes: Int
    /// Working memory of the threads.
    package var scratchBytes: Int
    /// What stays for as long as the network: parameters, and what was made of them once.
    package var parameterBytes: Int
    /// Of its convolutions, forward, as if each were computed by direct sums.
    package var multiplications: Int
    /// How blocks have to be placed for `activationBytes` to hold them.
    var placement = Placement.firstGap

    /// Which of the gaps between blocks takes the next one. None is always the better: the first gap may be a large
    /// map's, which small ones then keep from the next large one; the smallest leaves crumbs.
    enum Placement: CaseIterable { case firstGap, smallestGap }

    package init(activationBytes: Int, scratchBytes: Int, parameterBytes: Int = 0, multiplications: Int = 0) {
        self.activationBytes = activationBytes
        self.scratchBytes = scratchBytes
        self.parameterBytes = parameterBytes
        self.multiplications = multiplications
    }

    package var bytes: Int { activationBytes + scratchBytes + parameterBytes }

    /// `1536 MiB`.
    package static func text(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MiB" }
}
