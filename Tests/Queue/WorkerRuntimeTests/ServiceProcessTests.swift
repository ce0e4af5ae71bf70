import Testing
import WorkerRuntime

@Suite struct ServiceProcessTests {
    private let process = ServiceProcess(
        name: "columna-gateway", kind: "a gateway", about: "to the web. SIGTERM ends it.")

    @Test func aServiceWithoutArgumentsStarts() { #expect(process.answer(to: []) == nil) }

    @Test(arguments: ["--help", "-h", "--version"])
    func whoAsksIsToldWhatTheServiceIs(_ argument: String) throws {
        let answer = try #require(process.answer(to: [argument]))
        #expect(answer.status == 0)
        #expect(answer.text == "columna-gateway \(CodeVersion.current): a gateway to the web. SIGTERM ends it.")
    }

    @Test(arguments: [["serve"], ["--help", "me"], [""]])
    func anythingElseIsRefusedAsUsageAndNotTakenForAStart(_ arguments: [String]) throws {
        let answer = try #require(process.answer(to: arguments))
        #expect(answer.status == 64)
        #expect(answer.text.hasPrefix("columna-gateway: unexpected argument; a gateway takes none. columna-gateway"))
    }
}
