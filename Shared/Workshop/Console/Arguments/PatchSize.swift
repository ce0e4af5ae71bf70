import ArgumentParser

/// `--patch`: one edge for a cube, or depth, height and width with commas between.
package struct PatchSize: DescribedArgument, Equatable {
    package static let expectation = "one whole number from 1 to 4096, or three separated by commas"
    package let edges: [Int]

    package init?(argument: String) {
        let edges = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard edges.count == 1 || edges.count == 3, edges.allSatisfy({ (1...4096).contains($0) }) else { return nil }
        self.edges = edges.count == 1 ? [Int](repeating: edges[0], count: 3) : edges
    }
}
