import DICOMSeries
import DeIdentification
import Faults
import Foundation
import JobEngine
import Site
import Studies
import TestSupport
import Testing

struct SiteTests {
    private static let full = """
        listener:
          ae-title: SPINES
          port: 11113
          address: 0.0.0.0
          associations: 4
          callers:
            - {ae-title: CT1, tenant: radiology, address: 10.0.0.5}
            - {ae-title: CT2, tenant: research}
            - {ae-title: ARCHIVE, tenant: radiology}
        nodes:
          pacs: {dimse: {ae-title: ARCHIVE, host: pacs.example, port: 4242, retrieve: move}}
          web: {dicomweb: {url: 'https://pacs.example/dicom-web', user: columna, password-file: /run/secrets/pacs}}
        secret-file: /run/secrets/site
        custody-keys: /run/secrets/custody
        tenants:
          radiology:
            quiet-seconds: 5
            missing-slices: interpolate
            model: spine@3
            priority: urgent
            input-roots: [/data/radiology]
            pull-from: [pacs]
            deliver-to: [web, pacs]
            on-review: hold
            de-identification: {profile: basic, dates: remove, retain: [device]}
          research:
        """

    @Test func aStudyHasTheModelOfItsRequestOrElseItsTenants() throws {
        let site = try Site.parse(Self.full)
        #expect(try site.model(requested: "lumbar", tenant: "radiology") == "lumbar")
        #expect(try site.model(requested: nil, tenant: "radiology") == "spine@3")
        let error = #expect(throws: SiteError.self) { try site.model(requested: nil, tenant: "research") }
        #expect(error?.description.contains("tenant research has none in the site file") == true)
    }

    @Test func everyKeyIsRead() throws {
        let site = try Site.parse(Self.full)
        let listener = try #require(site.listener)
        #expect(
            (listener.title, listener.port, listener.address, listener.maximumAssociations) == (
                "SPINES", 11113, "0.0.0.0", 4
            ))
        #expect(
            site.nodes["pacs"] == .dimse(.init(title: "ARCHIVE", host: "pacs.example", port: 4242, retrieval: .move)))
        #expect(
            site.nodes["web"]
                == .web(
                    .init(url: "https://pacs.example/dicom-web", user: "columna", passwordFile: "/run/secrets/pacs")))
        #expect(
            site.policy(of: "radiology")
                == TenantPolicy(
                    settling: SettlingPolicy(quietInSeconds: 5, patienceInSeconds: 900),
                    series: SeriesPolicy(missingSlices: .interpolate), model: "spine@3",
                    priority: .urgent, inputRoots: ["/data/radiology"], sources: ["pacs"],
                    destinations: ["web", "pacs"], onReview: .hold,
                    deidentification: DeIdentificationPolicy(profile: .basic, retain: [.device], dates: .remove)))
        #expect(site.policy(of: "research") == TenantPolicy())
        #expect(site.policy(of: "unnamed") == TenantPolicy())
    }

    @Test func theExampleOfTheDocumentationIsReadAsItSays() throws {
        let site = try Site.read(Fixtures.packageRoot.appending(path: "docs/site.example.yaml"))
        #expect(site.listener?.callers.map(\.tenant) == ["radiology", "study-a"])
        #expect(site.nodes.keys.sorted() == ["pacs", "web"])
        #expect(site.policy(of: "radiology").sources == ["pacs", "web"])
        #expect(
            site.policy(of: "radiology").onReview == .mark
                && site.policy(of: "radiology").inputRoots == ["/studies/radiology"])
        #expect(site.policy(of: "study-a").inputRoots.isEmpty && site.tenants.values.allSatisfy { $0.model == "spine" })
        #expect(site.policy(of: "study-a").deidentification.retain == [.patientCharacteristics])
    }

    @Test func answersGoToTheTenantsOwnQueuesOnly() throws {
        let site = try Site.parse(
            "tenants: {radiology: {reply-queues: [ris.results, 'ward.*']}, research: , mute: {reply-queues: []}}")
        let radiology = site.replyQueues(of: "radiology")
        for queue in ["ris.results", "ward.3", "amq.rabbitmq.reply-to.g1AAA"] {
            #expect(radiology.allows(queue), "\(queue)")
        }
        for queue in ["ris.results2", "ward", "research.results", "radiology.results"] {
            #expect(!radiology.allows(queue), "\(queue)")
        }
        #expect(
            site.replyQueues(of: "research").allows("research.results")
                && !site.replyQueues(of: "research").allows("research2.results"))
        #expect(!site.replyQueues(of: "mute").allows("mute.results"))
        #expect(
            site.replyQueues(of: "unnamed").allows("unnamed.a")
                && !site.replyQueues(of: "unnamed").allows("radiology.a"))
        #expect(site.objection(toReplyQueue: "ward.3", of: "radiology") == nil)
        #expect(
            site.objection(toReplyQueue: "ward", of: "radiology")?.hasPrefix(
                "the property reply_to names a queue that is not this tenant's") == true)
        #expect(
            site.objection(toReplyQueue: "ward.3", of: "unnamed")?.hasPrefix("the site file has no tenant unnamed")
                == true)
        #expect(Site().replyQueues(of: "radiology").allows("anything"), "nobody has said whose queue is whose")
    }

    @Test func aCallerIsKnownByTitleAndAddress() throws {
        let listener = try #require(try Site.parse(Self.full).listener)
        #expect(listener.tenant(calling: "CT1", from: "10.0.0.5") == "radiology")
        #expect(listener.tenant(calling: "CT1", from: "10.0.0.6") == nil)
        #expect(listener.tenant(calling: "CT2", from: "10.0.0.6") == "research")
        #expect(listener.tenant(calling: "CT3", from: "10.0.0.5") == nil)
    }

    @Test func nothingIsConfiguredByAnEmptyFile() throws {
        #expect(try Site.parse("") == Site())
        #expect(try Site.parse("# nothing yet\n") == Site())
    }

    @Test(arguments: [
        (
            "listener: {port: 70000, callers: [{ae-title: A, tenant: t}]}",
            "listener.port is 70000, expected an integer from 0 to 65535"
        ),
        ("listener: {}", "listener.callers is empty"),
        ("listener: {callers: [{ae-title: A, tenant: t}]}", "the tenant 't', expected one that stands under tenants"),
        (
            "{listener: {callers: [{ae-title: A, tenant: t}, {ae-title: A, tenant: t}]}, tenants: {t: }}",
            "naming A twice"
        ),
        ("listener: {callers: [{ae-title: 'MUCH TOO LONG A TITLE', tenant: t}]}", "expected an AE title"),
        ("tenants: {t: {quiet-second: 5}}", "the key tenants.t.quiet-second, which is not known"),
        ("tenants: {t: {quiet-seconds: soon}}", "tenants.t.quiet-seconds is soon"),
        (
            "tenants: {t: {quiet-seconds: 100, patience-seconds: 50}}",
            "tenants.t.patience-seconds is 50, expected an integer from 100"
        ),
        ("tenants: {t: {deliver-to: [nowhere]}}", "naming 'nowhere', expected one of the nodes"),
        ("tenants: {t: {on-review: later}}", "tenants.t.on-review is 'later', expected one of hold, mark, deliver"),
        ("tenants: {T: }", "naming 'T'"), ("tenants: {t: {reply-queues: ['*']}}", "tenants.t.reply-queues"),
        ("tenants: {t: {reply-queues: [columna.intake]}}", "naming 'columna.intake'"),
        ("tenants: {t: {reply-queues: ['a*b']}}", "naming 'a*b'"),
        ("tenants: {t: {de-identification: {profile: strict}}}", "tenants.t.de-identification"),
        ("tenants: {t: {de-identification: {profile: basic, date: shift}}}", "got 'date'"),
        ("tenants: {t: {de-identification: {profile: basic}}}", "secret-file is missing"),
        ("{tenants: {t: {de-identification: {profile: basic}}}, secret-file: /s}", "custody-keys is missing"),
        ("nodes: {p: {dicomweb: {url: 'https://x'}}}", "secret-file is missing, expected a file, because nodes lets"),
        (
            "{listener: {callers: [{ae-title: A, tenant: t}]}, tenants: {t: }}",
            "secret-file is missing, expected a file, because listener lets"
        ),
        ("nodes: {p: {}}", "nodes.p is of no kind, expected either dimse or dicomweb"),
        ("nodes: {p: {dicomweb: {url: 'ftp://x'}}}", "expected http:// or https://"),
        ("nodes: {p: {dicomweb: {url: 'https://user:s3cr3t@x'}}}", "holding an account"),
        ("nodes: {p: {dimse: {ae-title: A, host: h, retrieve: move}}}", "expected a listener in this file"),
        (
            "{listener: {callers: [{ae-title: A, tenant: u}]}, nodes: {p: {dimse: {ae-title: A, host: h, retrieve: move}}}, tenants: {t: {pull-from: [p]}, u: }}",
            "expected A under listener.callers with the tenant t"
        ),
        ("[1, 2]", "content is a list"),
        ("a: [", "is not YAML"),
    ])
    func whatIsWrongIsNamedByItsPath(_ text: String, _ words: String) throws {
        let error = try #require(throws: SiteError.self) { try Site.parse(text) }
        #expect(error.description.contains(words), "\(error)")
        #expect(!error.description.contains("s3cr3t"))
    }
}
