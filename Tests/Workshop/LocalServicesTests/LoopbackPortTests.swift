import Foundation
import LocalServices
import Testing

struct LoopbackPortTests {
    @Test func unusedPortsDifferAndAreFree() throws {
        let ports = try LoopbackPort.unused(50)
        #expect(Set(ports).count == 50)
        #expect(ports.allSatisfy(LoopbackPort.isFree))
    }

    @Test func portsLieOutsideTheRangeOfOutgoingConnections() throws {
        let text = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let bounds = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        let outgoing = bounds[0]...bounds[1]
        #expect(try LoopbackPort.unused(20).allSatisfy { !outgoing.contains($0) || bounds[0] <= 12_000 })
    }

    @Test func listeningPortIsNotFree() throws {
        let listener = try Listener()
        #expect(!LoopbackPort.isFree(listener.port))
        #expect(!LoopbackPort.speaksAMQP(listener.port))
        listener.close()
        #expect(LoopbackPort.isFree(listener.port))
    }
}
