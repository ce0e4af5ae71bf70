import Foundation
import Persistence
import Storage
import Testing
import WorkerRuntime

/// What every program of a system opens by its environment.
@Suite struct SystemResourcesTests {
    private let database = ["COLUMNA_DATABASE_URL": "postgresql://columna@localhost:1/columna"]

    private func open(_ environment: [String: String], _ schema: SchemaCheck? = nil) throws -> SystemResources {
        try SystemResources(
            SystemSettings(environment: environment), name: "columna test", connections: 1, schema: schema)
    }

    @Test func aDatabaseIsEnoughUntilMoreIsUsed() throws {
        let resources = try open(database)
        #expect(resources.database.applicationName == "columna test")
        let broker = #expect(throws: ConfigurationError.self) { try resources.broker }
        #expect(broker?.variable == "COLUMNA_BROKER_URL")
        let storage = #expect(throws: ConfigurationError.self) { try resources.storage }
        #expect(storage?.variable == "COLUMNA_STORAGE")
    }

    @Test func withoutADatabaseNothingIsOpened() {
        let error = #expect(throws: ConfigurationError.self) { try open(["COLUMNA_STORAGE": "/data"]) }
        #expect(error?.variable == "COLUMNA_DATABASE_URL")
    }

    @Test func whoMigratesIsNotRefusedForTheSchema() throws {
        let resources = try open(database, SchemaCheck(version: 1) { _ in })
        #expect(resources.database.schema == nil)
    }

    @Test func foldersAreToldApartByColons() {
        let settings = SystemSettings(environment: ["COLUMNA_INPUT_ROOTS": "/a:/b c", "COLUMNA_SITE": ""])
        #expect(settings.inputRoots?.map(\.path) == ["/a", "/b c"])
        #expect(settings.siteFile == nil && SystemSettings(environment: [:]).inputRoots == nil)
    }
}
