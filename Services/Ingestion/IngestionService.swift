import JobEngine
import Logging
import Persistence
import Registry
import ServiceLifecycle
import Site
import Storage
import Studies
import WorkerRuntime

/// `columna-ingestion`: the border to the hospital. Takes its messages and its images in, reads studies into storage,
/// sends results back.
@main
struct IngestionService {
    static func main() async {
        await WorkerProcess.run(stage: .ingestion, bookkeeping: .studies) { resources in
            let site = try Site.load(resources.configuration.system.siteFile)
            warnOfUnusedRoots(site, resources)
            let (arrivals, archives) = (PostgresArrivals(pool: resources.pool), Archives(site: site))
            let models = TenantModel(site: site, catalog: PostgresCatalog(pool: resources.pool))
            let secret = try site.loadSecret()
            let (border, keys) = (try Border(site, secret, pool: resources.pool), ArrivalKeys(secret))
            let receiver = InstanceReceiver(arrivals: arrivals, objects: resources.objects, border: border, keys: keys)
            let handlers: [any JobHandler] = [
                RetrieveStudyJob(site: site, models: models, archives: archives, receiver: receiver),
                IngestStudyJob(site: site, models: models, border: border),
                IngestCorrectionJob(
                    site: site, corrections: PostgresCorrections(pool: resources.pool), catalog: models.catalog),
                DeliverSegmentationJob(
                    archives: archives, border: border, catalog: models.catalog,
                    ledger: PostgresDeliveries(pool: resources.pool), keys: keys),
                VerifyObjectsJob(objects: resources.objects, lookup: Lookup(pool: resources.pool)),
            ]
            var companions: [any Service] = [
                StudyIntake(resources, arrivals: arrivals, site: site, keys: keys),
                StudySettler(
                    arrivals: arrivals, store: resources.store, objects: resources.objects, site: site,
                    relay: resources.relay, log: resources.log),
            ]
            if let listener = site.listener {
                companions.append(
                    try DICOMListener(
                        listener, receiver: receiver, folder: resources.objects.stagingFolder,
                        graceInSeconds: resources.configuration.graceInSeconds, log: resources.log))
            }
            return WorkerProgram(handlers, companions: companions)
        }
    }

    /// Who added tenants to the site file may believe that they still read below the folders of the environment.
    private static func warnOfUnusedRoots(_ site: Site, _ resources: WorkerResources) {
        guard resources.configuration.system.inputRoots?.isEmpty == false else { return }
        for tenant in site.tenantsWithoutInputRoots {
            resources.log.warning(
                "COLUMNA_INPUT_ROOTS does not hold for this tenant, since the site file names tenants: submitted paths are refused; give it input-roots there",
                metadata: ["tenant": "\(tenant)"])
        }
    }
}
