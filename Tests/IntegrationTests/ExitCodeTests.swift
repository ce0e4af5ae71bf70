import Foundation
import Testing
import Volumes

/// The codes that `columna --help` promises to scripts, each by a command that ends with it.
@Suite struct ExitCodeTests {
    static let examples: [(status: Int, arguments: [String])] = [
        (0, ["volume", "info", "ct.nii"]),
        (1, ["volume", "convert", "ct.nii", "no-such-folder/copy.nii"]),
        (3, ["local", "status"]),
        (64, ["frobnicate"]),
        (65, ["volume", "info", "no-such-file.nii"]),
        (69, ["jobs", "list"]),
        (78, ["site", "check", "site.yaml"]),
    ]

    @Test(arguments: examples)
    func aCommandEndsWithTheCodeOfItsFault(_ status: Int, _ arguments: [String]) throws {
        let folder = try CommandFolder()
        let volume = Volume<Float>(
            geometry: Geometry(size: [4, 4, 4], affine: Affine(spacingInMillimetres: [1, 1, 1])), repeating: 7)
        try NIfTI.write(volume, to: folder.url.appending(path: "ct.nii"))
        try Data("nodes: 7".utf8).write(to: folder.url.appending(path: "site.yaml"))
        let result = try Program.run(arguments, in: folder.url)
        #expect(result.status == status, "\(result.errors)")
    }

    /// 75 needs a system that does not finish in time: `RunningSystemTests`.
    @Test func everyCodeThatTheHelpNamesHasAnExample() throws {
        let help = try Program.run(["--help"]).output
        let line = try #require(help.split(separator: "\n\n").first { $0.contains("Exit codes:") })
        let named = line.matches(of: /(\d+) [a-z]/).compactMap { Int($0.1) }
        #expect(named == (Self.examples.map(\.status) + [75]).sorted())
    }
}

extension RunningSystemTests {
    struct ExitCodeTests {
        @Test(arguments: [
            ["models", "show", "nobody"], ["models", "show", "nobody@7"], ["models", "export", "nobody", "-o", "x"],
            ["models", "promote", "nobody@7"], ["submit", "x", "--model", "nobody"],
            ["evaluate", "nobody", "--data-set", "nothing"],
            ["compare", "nobody", "nobody@2", "--data-set", "nothing"],
            ["train", "start", "--data-set", "nothing", "--model", "new"], ["dataset", "show", "nothing"],
            ["jobs", "show", UUID().uuidString], ["jobs", "watch", UUID().uuidString],
            ["jobs", "list", "--study", "nothing"],
        ])
        func whatTheSystemDoesNotHaveHasOneCode(_ arguments: [String]) async throws {
            let result = try await RunningSystem.shared.columna(arguments)
            #expect(result.status == 1 && result.output.isEmpty, "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }

        @Test func whoGivesUpWaitingIsToldByTheCode() async throws {
            let watched = try await RunningSystem.shared.columna(["jobs", "watch", "--timeout", "0.1"])
            #expect(watched.status == 75 && watched.errors.contains("as --timeout says"), "\(watched.errors)")
        }
    }
}
