import Faults
import Foundation
import LocalServices
import Testing

/// What goes wrong before any service is started.
struct LocalStackErrorTests {
    private let directory = FileManager.default.temporaryDirectory.appending(
        path: "columna-local-\(UUID().uuidString)", directoryHint: .isDirectory)

    @Test func statusWithoutAStackNamesTheCommandThatStartsOne() throws {
        let error = #expect(throws: LocalServicesError.self) { try LocalStack(directory: directory).status() }
        #expect(error?.code == .notRunning)
        #expect(error?.description.contains("columna local up") == true)
    }

    @Test func downWithoutAStackDoesNothing() throws {
        #expect(try !LocalStack(directory: directory).down(deletingData: true))
        #expect(!FileManager.default.fileExists(atPath: directory.path))
    }

    @Test func foreignDescriptionIsRefused() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("{}".utf8).write(to: directory.appending(path: "local.json"))
        let error = #expect(throws: LocalServicesError.self) { try LocalEnvironment.load(directory) }
        #expect(error?.code == .folderUnusable)
    }

    @Test func databaseWithoutItsPasswordsIsRefused() throws {
        let data = directory.appending(path: "database/data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("15\n".utf8).write(to: data.appending(path: "PG_VERSION"))
        let error = #expect(throws: LocalServicesError.self) { try LocalStack(directory: directory).up(.servicesOnly) }
        #expect(error?.code == .folderUnusable)
        #expect(error?.description.contains("local.json") == true)
    }

    @Test func fileInPlaceOfTheFolderIsRefused() throws {
        try Data().write(to: directory)
        defer { try? FileManager.default.removeItem(at: directory) }
        let error = #expect(throws: LocalServicesError.self) { try LocalStack(directory: directory).up(.servicesOnly) }
        #expect(error?.code == .folderUnusable)
    }
}
