import JobEngine
import Persistence
import ServiceLifecycle
import Site
import Storage
import WorkerRuntime

/// `columna-ingestion`: the border to the hospital. Takes its messages and its images in, reads studies into storage, sends results back.
@main
struct IngestionService {
    static func main() async {
        await WorkerProcess.run(stage: .ingestion) { resources in
            let site = try Site.load(resources.configuration.siteFile)
            let (arrivals, archives) = (PostgresArrivals(pool: resources.pool), Archives(site: site))
            let border = try Border(site, pool: resources.pool)
            let receiver = InstanceReceiver(arrivals: arrivals, objects: resources.objects, border: border)
            let handlers: [any JobHandler] = [
                RetrieveStudyJob(site: site, archives: archives, receiver: receiver), IngestStudyJob(site: site, border: border),
                DeliverSegmentationJob(archives: archives, border: border, ledger: PostgresDeliveries(pool: resources.pool)),
            ]
            return WorkerProgram(handlers) { parts, relay in
                var companions: [any Service] = [
                    StudyIntake(parts, relay: relay, arrivals: arrivals, site: site),
                    StudySettler(arrivals: arrivals, store: parts.store, objects: resources.objects, site: site, relay: relay, log: parts.log),
                ]
                if let listener = site.listener {
                    companions.append(
                        try DICOMListener(
                            listener, receiver: receiver, folder: resources.objects.temporaryFolder,
                            graceInSeconds: resources.configuration.graceInSeconds, log: parts.log))
                }
                return companions
            }
        }
    }
}
