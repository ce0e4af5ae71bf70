import Foundation
import Testing
import WorkerRuntime

@Suite struct WorkerConfigurationTests {
    private let complete = [
        "COLUMNA_DATABASE_URL": "postgresql://columna@localhost/columna",
        "COLUMNA_BROKER_URL": "amqp://columna@localhost/",
        "COLUMNA_STORAGE": "/tmp/columna-storage",
    ]

    @Test func takesDefaultsForWhatIsNotSet() throws {
        let configuration = try WorkerConfiguration(environment: complete)
        #expect(configuration.slots == 1)
        #expect(configuration.leaseInSeconds == 120)
        #expect(configuration.system.inputRoots == nil)
    }

    @Test(arguments: ["COLUMNA_DATABASE_URL", "COLUMNA_BROKER_URL", "COLUMNA_STORAGE"])
    func namesTheVariableThatIsMissing(_ variable: String) throws {
        var environment = complete
        environment[variable] = nil
        let error = #expect(throws: ConfigurationError.self) { try WorkerConfiguration(environment: environment) }
        #expect(error?.variable == variable)
        #expect(error?.description.contains("columna local environment") == true)
    }

    @Test(arguments: ["0", "257", "many", "-1", "1.5"])
    func namesValueAndRangeOfAWrongNumber(_ value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try WorkerConfiguration(environment: complete.merging(["COLUMNA_SLOTS": value]) { $1 })
        }
        #expect(error?.description.contains("COLUMNA_SLOTS is '\(value)', expected an integer from 1 to 256") == true)
    }

    @Test func inferenceIsFastUnlessItIsToldToBeExact() throws {
        #expect(try !WorkerConfiguration(environment: complete).computesExactly)
        #expect(
            try WorkerConfiguration(environment: complete.merging(["COLUMNA_ARITHMETIC": "exact"]) { $1 })
                .computesExactly)
        #expect(throws: ConfigurationError.self) {
            try WorkerConfiguration(environment: complete.merging(["COLUMNA_ARITHMETIC": "slow"]) { $1 })
        }
    }

    @Test func refusesAURLOfAnotherSchemeWithoutShowingIt() {
        let error = #expect(throws: ConfigurationError.self) {
            try WorkerConfiguration(
                environment: complete.merging(["COLUMNA_BROKER_URL": "http://me:secret@host/"]) { $1 })
        }
        #expect(error?.description.contains("secret") == false)
        #expect(error?.description.contains("amqp://") == true)
    }

    @Test func takesAPasswordOfAnyCharactersFromAFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "password-\(UUID().uuidString)")
        try Data("p@ss:w/ö%rd\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try WorkerConfiguration(
            environment: complete.merging(["COLUMNA_DATABASE_PASSWORD_FILE": file.path]) { $1 })
        #expect(
            try configuration.system.databaseURL
                == "postgresql://columna:p%40ss%3Aw%2F%C3%B6%25rd@localhost/columna")
    }

    @Test func namesAPasswordFileThatCannotBeRead() {
        let error = #expect(throws: ConfigurationError.self) {
            try WorkerConfiguration(
                environment: complete.merging(["COLUMNA_DATABASE_PASSWORD_FILE": "/nowhere/secret"]) { $1 })
        }
        #expect(error?.variable == "COLUMNA_DATABASE_PASSWORD_FILE")
    }
}
