import Foundation
import Persistence
import Testing

struct PostgresSettingsTests {
    @Test func aMissingURLNamesTheVariableAndTheCommand() {
        let error = #expect(throws: PostgresError.self) { try PostgresSettings(environment: [:]) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("COLUMNA_DATABASE_URL") == true)
        #expect(error?.message.contains("columna local up") == true)
    }

    @Test func anotherSchemeIsRefused() {
        #expect(throws: PostgresError.self) {
            try PostgresSettings(environment: ["COLUMNA_DATABASE_URL": "mysql://host/db"])
        }
    }

    @Test func aPasswordFileThatIsMissingIsAConfigurationError() async {
        let settings = PostgresSettings(
            url: "postgresql://nobody@127.0.0.1:1/nothing", passwordFile: "/nonexistent/password")
        let error = await #expect(throws: PostgresError.self) {
            _ = try await PostgresPool(settings: settings, size: 1).run(Statement("one", "SELECT 1")())
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
