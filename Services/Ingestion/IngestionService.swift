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
        await WorkerProcess.run(
            stage: .ingestion,
            handlers: { resources in
                let (site, receiver) = try receiver(resources)
                let archives = Archives(site: site)
                return [
                    RetrieveStudyJob(site: site, archives: archives, receiver: receiver), IngestStudyJob(site: site, border: receiver.border),
                    DeliverSegmentationJob(archives: archives, border: receiver.border, ledger: PostgresDeliveries(pool: resources.pool)),
                ]
            },
            companions: { parts, resources, relay in
                let (site, receiver) = try receiver(resources)
                let settler = StudySettler(
                    arrivals: receiver.arrivals, store: parts.store, objects: resources.objects, site: site, relay: relay, log: parts.log)
                let listener = try site.listener.map {
                    try DICOMListener(
                        $0, receiver: receiver, folder: resources.objects.temporaryFolder, graceInSeconds: resources.configuration.graceInSeconds,
                        log: parts.log)
                }
                return [StudyIntake(parts, relay: relay, arrivals: receiver.arrivals), settler] + [listener].compactMap { $0 as (any Service)? }
            })
    }

    private static func receiver(_ resources: WorkerResources) throws -> (Site, InstanceReceiver) {
        let site = try Site.load(resources.configuration.siteFile)
        let border = try Border(site, pool: resources.pool)
        return (site, InstanceReceiver(arrivals: PostgresArrivals(pool: resources.pool), objects: resources.objects, border: border))
    }
}
