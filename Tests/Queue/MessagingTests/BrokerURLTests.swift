import Messaging
import Testing

@Suite struct BrokerURLTests {
    @Test func urlGivesEveryPart() throws {
        let url = try BrokerURL(
            "amqps://anna:p%40ss%3Aword@broker.example:5999/wards%2F3?heartbeat=7", authorities: "/etc/ca.pem")
        #expect(url.usesTLS)
        #expect(url.user == "anna")
        #expect(url.password == "p@ss:word")
        #expect(url.host == "broker.example")
        #expect(url.port == 5999)
        #expect(url.virtualHost == "wards/3")
        #expect(url.heartbeatInSeconds == 7)
        #expect(url.authorities == "/etc/ca.pem")
    }

    @Test(arguments: [
        ("amqp://localhost", 5672, "/"), ("amqp://localhost/", 5672, "/"), ("amqps://localhost", 5671, "/"),
        ("amqp://localhost/columna", 5672, "columna"),
    ])
    func missingPartsHaveDefaults(text: String, port: Int, virtualHost: String) throws {
        let url = try BrokerURL(text)
        #expect(url.port == port)
        #expect(url.virtualHost == virtualHost)
        #expect((url.user, url.password) == ("guest", "guest"))
        #expect(url.heartbeatInSeconds == 20)
    }

    @Test(arguments: [
        ("", "not a URL"), ("localhost:5672", "scheme"), ("http://u:secret@localhost", "scheme"), ("amqp://", "host"),
        ("amqp://u:secret@", "host"),
        ("amqp://u:secret@localhost:0", "port"), ("amqp://u:secret@localhost:70000", "port"),
        ("amqp://u:secret@localhost/a/b", "virtual host"),
        ("amqp://u:secret@localhost/?heartbeat=0", "heartbeat"), ("amqp://u:secret@localhost/?timeout=1", "heartbeat"),
        ("amqp://u:secret@localhost/#x", "fragment"),
        ("amqp://u:secret%00@localhost", "zero byte"),
    ])
    func wrongPartIsNamedWithoutThePassword(text: String, part: String) {
        let error = #expect(throws: MessagingError(.invalidURL, "")) { try BrokerURL(text) }
        #expect(error?.description.contains(part) == true, "\(String(describing: error))")
        #expect(error?.description.contains("secret") == false)
    }

    @Test func descriptionHidesThePassword() throws {
        let url = try BrokerURL("amqp://anna:secret@localhost:5999/wards")
        var dumped = ""
        dump(url, to: &dumped)
        #expect(url.description == "amqp://anna@localhost:5999/wards")
        #expect(!"\([url]) \(String(reflecting: url)) \(dumped)".contains("secret"))
    }

    @Test func environmentMustNameTheBroker() throws {
        #expect(throws: MessagingError(.invalidURL, "")) { try BrokerURL(environment: [:]) }
        let url = try BrokerURL(environment: [
            "COLUMNA_BROKER_URL": "amqps://localhost", "COLUMNA_BROKER_CA": "/etc/ca.pem",
        ])
        #expect(url.authorities == "/etc/ca.pem")
    }
}
