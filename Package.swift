// swift-tools-version: 6.1
// One target a folder, one folder of targets a wing. A wing imports only from wings above it, a target only from
// targets above it (docs/architecture.md; Scripts/check-boundaries refuses the rest).
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

/// Numerics, bounds proven by the layers that call the kernels. On x86-64 kernels of ours for the x86-64-v3 baseline
/// (AVX2, FMA); with COLUMNA_PROCESSOR=any, and on other processors, OpenBLAS computes in their place.
let hasOwnKernels: Bool = {
    #if arch(x86_64)
        Context.environment["COLUMNA_PROCESSOR"] != "any"
    #else
        false
    #endif
}()
let kernels: [SwiftSetting] =
    hasOwnKernels
    ? [
        .define("COLUMNA_OWN_KERNELS"),
        .unsafeFlags(["-Ounchecked", "-Xcc", "-march=x86-64-v3"], .when(configuration: .release)),
    ]
    : [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

/// Debian's nifti2_io.h includes <znzlib.h>, which lies in the folder beside it. For Volumes, and for targets whose
/// kernels have flags of their own, so that they build its C modules anew.
let niftiHeaders: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-I/usr/include/nifti"])]

/// A target that does not know yet in which wing it stands.
struct Room {
    let target: (_ wing: String) -> Target

    /// Swift; its kernels need nothing but what Debian's packages install. Files `embedded` become bytes in the
    /// program, so that nothing lies beside it.
    static func swift(
        _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], embedded: [String] = [],
        settings: [SwiftSetting] = []
    ) -> Room {
        Room {
            .target(
                name: name, dependencies: dependencies, path: "\($0)/\(name)", exclude: exclude,
                resources: embedded.map { .embedInCode($0) }, swiftSettings: strict + settings)
        }
    }

    /// C++ over libraries that have no C interface.
    static func cxx(
        _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], settings: [CXXSetting] = [],
        linked: [String]
    ) -> Room {
        Room {
            .target(
                name: name, dependencies: dependencies, path: "\($0)/\(name)", exclude: exclude, cxxSettings: settings,
                linkerSettings: linked.map { .linkedLibrary($0) })
        }
    }

    /// A C library: a module map and a shim, nothing else. What the C library itself brings has no package.
    static func library(_ name: String, _ pkgConfig: String? = nil, apt: String? = nil) -> Room {
        Room {
            .systemLibrary(name: name, path: "\($0)/\(name)", pkgConfig: pkgConfig, providers: apt.map { [.apt([$0])] })
        }
    }

    static func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Room {
        Room { .testTarget(name: name, dependencies: dependencies, path: "\($0)/\(name)", swiftSettings: strict) }
    }

    /// A worker's executable or the command line.
    static func service(_ name: String, _ dependencies: [Target.Dependency]) -> Room {
        Room { .executableTarget(name: name, dependencies: dependencies, path: "\($0)/\(name)", swiftSettings: strict) }
    }
}

func folder(_ name: String, _ rooms: Room...) -> [Target] { rooms.map { $0.target(name) } }
func wing(_ name: String, _ rooms: Room...) -> [Target] { rooms.map { $0.target("Shared/\(name)") } }
func tests(_ wing: String, _ rooms: Room...) -> [Target] { rooms.map { $0.target("Tests/\(wing)") } }

/// What every worker is built from.
let worker: [Target.Dependency] = [
    "Faults", "Studies", "Registry", "WorkerRuntime", "JobEngine", "Storage", logging, lifecycle,
]

let package = Package(
    name: "Columna",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "columna", targets: ["Columna"]),
        .executable(name: "columna-bench", targets: ["Bench"]),
        .executable(name: "columna-ingestion", targets: ["Ingestion"]),
        .executable(name: "columna-preprocessing", targets: ["Preprocessing"]),
        .executable(name: "columna-training", targets: ["Training"]),
        .executable(name: "columna-inference", targets: ["Inference"]),
        .executable(name: "columna-evaluation", targets: ["Evaluation"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: ([
        // C libraries and C++ of ours, which know no Swift.
        wing(
            "Bindings",
            .library("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
            .cxx("CDCMTK", linked: ["dcmdata", "oflog", "ofstd", "z"]),
            .cxx(
                "CDICOM", ["CDCMTK"],
                settings: [.unsafeFlags(["-isystem", "/usr/include/openjpeg-2.5"])],
                linked: ["dcmdata", "dcmimgle", "dcmjpeg", "dcmjpls", "oflog", "ofstd", "openjp2", "z"]),
            .cxx("CDICOMObjects", ["CDCMTK"], linked: ["dcmdata", "oflog", "ofstd", "z"]),
            .cxx("CDIMSE", ["CDCMTK"], linked: ["dcmnet", "dcmdata", "oflog", "ofstd", "z"]),
            .library("CNIfTI", apt: "libnifti-dev"),
            .library("COpenat2"),
            .library("COpenBLAS", "openblas", apt: "libopenblas-dev"),
            .library("COpenSSL", "libcrypto", apt: "libssl-dev"),
            .library("CPNG", "libpng", apt: "libpng-dev"),
            .library("CPostgreSQL", "libpq", apt: "libpq-dev"),
            .library("CProcessor"),
            .library("CRabbitMQ", "librabbitmq", apt: "librabbitmq-dev"),
            .cxx("CSpineShapes", exclude: ["NOTICE", "shapes.bin"], linked: []),
            .library("CZlib", "zlib", apt: "zlib1g-dev")
        ),
        // What any program needs.
        wing(
            "Ground",
            .swift("Faults"),
            .swift("Files", ["COpenat2"]),
            .swift("Threads"),
            .swift("Ranks", ["Faults"]),
            .swift("Documents", ["Faults"]),
            .swift("HTTP", ["CCurl"]),
            .swift("Archives", ["Faults", "Files", "Threads", "CZlib"]),
            .swift("Cryptography", ["Faults", "COpenSSL"]),
            .swift("Statistics")
        ),
        // Jobs, database, broker, storage: it knows nothing of spines.
        wing(
            "Queue",
            .swift("JobEngine", ["Faults", "Documents"]),
            .swift(
                "Persistence",
                ["Faults", "Files", "Documents", "Statistics", "Threads", "JobEngine", "CPostgreSQL", logging]),
            .swift("Messaging", ["Faults", "Documents", "Threads", "JobEngine", "CRabbitMQ", logging]),
            .swift("Storage", ["Faults", "Files", "Threads", "JobEngine", "Cryptography"]),
            .swift(
                "WorkerRuntime",
                [
                    "Faults", "Documents", "Threads", "JobEngine", "Persistence", "Messaging", "Storage", logging,
                    lifecycle,
                    signals,
                ])
        ),
        // Bodies in space: from here to Judging nothing knows of jobs.
        wing(
            "Imaging",
            .swift("Anatomy", ["Faults"]),
            .swift("Volumes", ["Faults", "Threads", "CNIfTI", "Archives", "Files"], settings: niftiHeaders),
            .swift("LabelMaps", ["Faults", "Anatomy", "Volumes"]),
            .swift("Surfaces", ["Volumes"])
        ),
        // DICOM, in files and over the network.
        wing(
            "Hospital",
            .swift("DICOMDictionary", ["CDCMTK"]),
            .swift(
                "DICOMSeries",
                ["Faults", "Statistics", "DICOMDictionary", "Threads", "CDICOM", "Archives", "Files", "Volumes"]),
            .swift("DICOMObjects", ["Faults", "Files", "DICOMDictionary", "CDICOMObjects"]),
            .swift(
                "DICOMSegmentations",
                ["Faults", "DICOMDictionary", "Cryptography", "DICOMSeries", "DICOMObjects", "Anatomy", "Volumes"]),
            .swift("DeIdentification", ["Faults", "DICOMDictionary", "Cryptography", "DICOMObjects"]),
            .swift("DIMSE", ["Faults", "DICOMDictionary", "CDIMSE"]),
            .swift("DICOMweb", ["Faults", "DICOMDictionary", "DICOMObjects", "Files", "HTTP"])
        ),
        // Networks: their core, their plans, their files, inference and training.
        wing(
            "Tensors",
            .swift(
                "TensorCore", ["Faults", "Statistics", "Threads", "COpenBLAS", "CProcessor", "Files"],
                exclude: ["README.md"],
                settings: kernels
            ),
            .swift("Networks", ["Faults", "Statistics", "Threads", "TensorCore"], settings: kernels),
            .swift("Plans", ["Faults", "Documents", "Files", "Anatomy", "Volumes", "TensorCore", "Networks"]),
            .swift("Segmentation", ["Faults", "Threads", "Anatomy", "Plans", "Volumes", "TensorCore", "Networks"]),
            .swift("Planning", ["Faults", "Statistics", "Plans", "Volumes", "Networks"]),
            .swift("Augmentation", ["Documents", "Statistics", "TensorCore"], settings: kernels),
            // Learning validates as inference segments.
            .swift(
                "Learning",
                [
                    "Faults", "Statistics", "Threads", "Ranks", "Plans", "Augmentation", "Segmentation", "Volumes",
                    "TensorCore", "Networks",
                    .product(name: "Yams", package: "Yams"),
                ], embedded: ["Presets"]),
            .swift("PyTorchFiles", ["Faults", "Files", "Archives", "TensorCore", "Networks"]),
            .swift(
                "ModelExchange",
                [
                    "Faults", "Archives", "PyTorchFiles", "Planning", "Plans", "Networks", "TensorCore", "Anatomy",
                    "Volumes",
                ]),
            // Where models of others are published, and how they are had.
            .swift(
                "PublicModels",
                ["Faults", "Files", "HTTP", "Cryptography", "PyTorchFiles", "ModelExchange", "Networks", "Plans"],
                embedded: ["Catalog"])
        ),
        // How good a segmentation is, and how it is shown.
        wing(
            "Judging",
            .swift("Metrics", ["Faults", "Threads", "Anatomy", "Volumes", "Surfaces"]),
            .swift("Plausibility", ["Threads", "Anatomy", "Volumes"]),
            .swift("CohortAnalysis", ["Faults", "Documents", "Threads", "Statistics", "Metrics", "Anatomy"]),
            .swift(
                "Reports",
                [
                    "Faults", "Documents", "Threads", "CPNG", "Cryptography", "Anatomy", "Volumes", "Metrics",
                    "Surfaces", "Statistics", "CohortAnalysis",
                ], embedded: ["Assets"])
        ),
        // Where jobs and spines meet.
        wing(
            "Work",
            .swift("Studies", ["Faults", "Documents", "JobEngine", "Messaging", "Files", "Cryptography", "Metrics"]),
            .swift(
                "Registry",
                [
                    "Faults", "Cryptography", "Documents", "Studies", "JobEngine", "Persistence", "Storage", "Metrics",
                ]),
            .swift(
                "Evaluations",
                [
                    "Faults", "Documents", "Studies", "JobEngine", "Metrics", "CohortAnalysis", "Statistics", "Anatomy",
                    "Cryptography",
                ]),
            .swift(
                "Site",
                [
                    "Faults", "Files", "Cryptography", "Studies", "JobEngine", "DICOMSeries", "DeIdentification",
                    .product(name: "Yams", package: "Yams"),
                ]),
            // What the command line and any other door have in common.
            .swift(
                "Operations",
                [
                    "Faults", "Threads", "Documents", "Cryptography", "JobEngine", "Persistence", "Messaging",
                    "Storage", "WorkerRuntime", "Anatomy", "Volumes", "LabelMaps", "TensorCore", "Networks", "Plans",
                    "Planning", "Learning",
                    "PyTorchFiles", "ModelExchange", "Statistics", "Metrics", "CohortAnalysis", "Reports", "Studies",
                    "Registry", "Evaluations", "Site",
                ])
        ),
        // What builders, tests and a single machine need.
        wing(
            "Workshop",
            .swift(
                "LocalServices", ["Faults", "Files", "Threads", "JobEngine", "Persistence", "Storage", "Operations"]),
            .swift(
                "Phantoms",
                ["Faults", "Statistics", "Threads", "Archives", "Anatomy", "Volumes", "DICOMSeries", "CSpineShapes"],
                settings: kernels + niftiHeaders),
            // Tables, progress, exit codes and arguments, for programs that a person starts.
            .swift(
                "Console",
                [
                    "Faults", "Files", "Threads", "Documents", "Studies", "JobEngine", "Persistence", "Messaging",
                    "Storage",
                    "WorkerRuntime",
                    "Anatomy",
                    "Volumes", "LabelMaps", "DICOMSeries", "DICOMObjects", "DICOMSegmentations", "DIMSE", "TensorCore",
                    "Networks", "Plans", "Segmentation", "Learning", "PyTorchFiles", "ModelExchange", "Metrics",
                    "Reports", "Operations", "LocalServices", "Phantoms", arguments,
                ]),
            .swift(
                "TestSupport",
                [
                    "Faults", "Documents", "Threads", "Ranks", "Studies", "Registry", "JobEngine", "Persistence",
                    "Messaging", "TensorCore", "Anatomy", "Metrics",
                ])
        ),
        // The workers and the command line.
        folder(
            "Services",
            .service(
                "Ingestion",
                worker + [
                    "Documents", "HTTP", "Operations",
                    "Threads",
                    "DICOMDictionary", "DICOMSeries", "DICOMObjects", "DICOMweb", "DIMSE", "DICOMSegmentations",
                    "DeIdentification",
                    "Cryptography", "Volumes", "Anatomy", "LabelMaps", "Plausibility", "Site", "Persistence",
                    "Messaging",
                ]),
            .service("Preprocessing", worker + ["Threads", "Planning", "Plans", "Volumes"]),
            .service(
                "Training",
                worker + [
                    "Documents", "Statistics", "Files", "Threads", "Ranks", "Learning", "Networks", "Plans",
                    "TensorCore", "Volumes", "Phantoms",
                ]),
            .service(
                "Inference",
                worker + [
                    "Documents", "Segmentation", "Plausibility", "Plans", "Reports", "TensorCore", "Volumes", "Anatomy",
                ]),
            .service(
                "Evaluation",
                worker + ["Documents", "Operations", "Evaluations", "Metrics", "CohortAnalysis", "Volumes", "Anatomy"]),
            .service(
                "Bench",
                [
                    "Faults", "Files", "Statistics",
                    "Console", "Operations", "Threads", "Documents", "Studies", "Registry", "WorkerRuntime",
                    "Evaluations", "JobEngine",
                    "Persistence",
                    "Messaging", "Storage", "Volumes", "TensorCore", "Networks", "Plans", "Planning", "PyTorchFiles",
                    "ModelExchange", "Augmentation", "Learning", "Ranks", "Segmentation", "Metrics", "Phantoms",
                    "DICOMSeries", "Anatomy", "Reports", arguments, logging,
                ]),
            .service(
                "Columna",
                [
                    "Faults", "Files", "Cryptography", "Console", "Operations", "Threads", "Documents", "WorkerRuntime",
                    "LocalServices",
                    "Studies",
                    "Registry",
                    "Evaluations",
                    "JobEngine",
                    "Persistence", "Messaging", "Storage",
                    "Anatomy", "Volumes", "LabelMaps", "DICOMSeries",
                    "DICOMObjects", "DIMSE", "DICOMSegmentations", "TensorCore", "Networks", "PyTorchFiles", "Plans",
                    "Planning", "ModelExchange", "PublicModels", "Augmentation", "Learning", "Segmentation",
                    "Metrics", "Plausibility", "Surfaces", "Statistics", "CohortAnalysis", "Reports", "Phantoms",
                    "Site", "DeIdentification", arguments, logging,
                ])
        ),
        tests(
            "Ground",
            .tests("FaultsTests", ["Faults"]),
            .tests("FilesTests", ["Files"]),
            .tests("DocumentsTests", ["Documents"]),
            .tests("ArchivesTests", ["Faults", "Archives", "Files"]),
            .tests(
                "ThreadsTests",
                [
                    "Threads", "Anatomy", "Volumes", "DICOMSeries", "Metrics", "Plausibility", "Reports", "Phantoms",
                ]),
            .tests("RanksTests", ["Ranks", "Faults", "TestSupport"]),
            .tests("CryptographyTests", ["Faults", "Cryptography"]),
            .tests("StatisticsTests", ["Statistics", "TestSupport"])
        ),
        tests(
            "Queue",
            .tests("JobEngineTests", ["Documents", "Studies", "JobEngine", "TestSupport"]),
            .tests(
                "PersistenceTests",
                [
                    "Faults", "Archives", "Documents", "Persistence", "Registry", "Studies", "JobEngine", "TestSupport",
                ]),
            .tests("MessagingTests", ["Faults", "Threads", "Messaging", "Studies", "JobEngine", "TestSupport"]),
            .tests("StorageTests", ["Storage", "JobEngine", "TestSupport"]),
            .tests(
                "WorkerRuntimeTests",
                [
                    "Faults", "WorkerRuntime", "Registry", "Studies", "JobEngine", "Persistence", "Messaging",
                    "Storage",
                    "TestSupport", logging, lifecycle,
                ])
        ),
        tests(
            "Imaging",
            .tests("AnatomyTests", ["Anatomy"]),
            .tests("VolumesTests", ["Faults", "Threads", "Volumes", "Archives", "TensorCore", "TestSupport"]),
            .tests("LabelMapsTests", ["LabelMaps", "Anatomy", "Volumes", "TestSupport"]),
            .tests("SurfacesTests", ["Statistics", "Surfaces", "Volumes"])
        ),
        tests(
            "Hospital",
            .tests("DICOMDictionaryTests", ["DICOMDictionary"]),
            .tests(
                "DICOMSeriesTests",
                ["Faults", "DICOMSeries", "DICOMDictionary", "DICOMObjects", "DIMSE", "Volumes", "TestSupport"]),
            .tests("DICOMObjectsTests", ["DICOMObjects"]),
            .tests(
                "DICOMSegmentationsTests",
                [
                    "Faults", "DICOMSegmentations", "DICOMDictionary", "DICOMObjects", "Anatomy", "Volumes", "Archives",
                    "TestSupport",
                ]),
            .tests(
                "DeIdentificationTests",
                ["Faults", "Statistics", "DeIdentification", "DICOMDictionary", "DICOMObjects", "TestSupport"]),
            .tests("DIMSETests", ["Faults", "Threads", "DIMSE", "DICOMDictionary", "TestSupport"]),
            .tests("DICOMwebTests", ["Faults", "Statistics", "HTTP", "DICOMObjects", "DICOMweb", "TestSupport"])
        ),
        tests(
            "Tensors",
            .tests("TensorCoreTests", ["Faults", "Statistics", "Threads", "TensorCore", "TestSupport"]),
            .tests("NetworksTests", ["Faults", "Statistics", "Threads", "Networks", "TensorCore", "TestSupport"]),
            .tests("PlansTests", ["Faults", "Plans", "Networks", "Volumes", "TensorCore", "TestSupport"]),
            .tests(
                "SegmentationTests",
                [
                    "Faults", "Statistics", "Threads", "Segmentation", "ModelExchange", "Anatomy", "Plans", "Networks",
                    "TensorCore", "Volumes", "TestSupport",
                ]),
            .tests(
                "PlanningTests", ["Faults", "Statistics", "Planning", "Plans", "Volumes", "Networks", "TestSupport"]),
            .tests("AugmentationTests", ["Documents", "Statistics", "Augmentation", "TensorCore", "TestSupport"]),
            .tests(
                "LearningTests",
                [
                    "Faults", "Statistics", "Threads", "Ranks", "Learning", "Augmentation", "Plans", "Networks",
                    "TensorCore", "Volumes", "TestSupport",
                ]),
            .tests(
                "PyTorchFilesTests",
                ["Faults", "Statistics", "Archives", "PyTorchFiles", "Networks", "TensorCore", "TestSupport"]),
            .tests(
                "ModelExchangeTests",
                [
                    "Faults", "ModelExchange", "Anatomy", "PyTorchFiles", "Plans", "Networks", "TensorCore", "Volumes",
                    "TestSupport",
                ]),
            .tests(
                "PublicModelsTests",
                [
                    "Faults", "Cryptography", "PublicModels", "ModelExchange", "PyTorchFiles", "Plans", "Networks",
                    "TensorCore", "TestSupport",
                ])
        ),
        tests(
            "Judging",
            .tests(
                "MetricsTests",
                [
                    "Faults", "Statistics", "Threads", "Metrics", "Surfaces", "Anatomy", "Volumes", "TensorCore",
                    "TestSupport",
                ]),
            .tests(
                "PlausibilityTests",
                ["Threads", "Statistics", "Plausibility", "Phantoms", "Anatomy", "Volumes", "TestSupport"]),
            .tests(
                "CohortAnalysisTests",
                [
                    "Faults", "Documents", "CohortAnalysis", "Statistics", "Metrics", "Anatomy", "Volumes",
                    "TestSupport",
                ]),
            .tests(
                "ReportsTests",
                [
                    "Faults", "Reports", "CohortAnalysis", "Statistics", "Surfaces", "Metrics", "Volumes", "Anatomy",
                    "TestSupport",
                ])
        ),
        tests(
            "Work",
            .tests(
                "StudiesTests",
                ["Documents", "Studies", "Messaging", "JobEngine", "Metrics", "Anatomy", "Volumes", "TestSupport"]),
            .tests(
                "RegistryTests",
                [
                    "Faults", "Cryptography", "Documents", "Registry", "Studies", "Persistence", "JobEngine",
                    "Metrics", "TestSupport",
                ]),
            .tests("EvaluationsTests", ["Evaluations", "Persistence", "Metrics", "TestSupport"]),
            .tests(
                "OperationsTests",
                [
                    "Faults", "Anatomy", "Metrics", "Volumes", "Operations", "Documents", "Studies", "Registry",
                    "JobEngine",
                    "Persistence", "Messaging",
                    "Storage", "TensorCore", "Networks", "Plans", "Learning", "PyTorchFiles", "ModelExchange",
                    "CohortAnalysis",
                    "Reports",
                    "Evaluations", "WorkerRuntime", "TestSupport",
                ]),
            .tests(
                "SiteTests",
                [
                    "Faults", "Cryptography", "Site", "Studies", "Registry", "DICOMSeries", "DeIdentification",
                    "JobEngine", "Persistence", "TestSupport",
                ])
        ),
        tests(
            "Workshop",
            .tests("ConsoleTests", ["Faults", "Console", "Operations", "Studies"]),
            .tests("LocalServicesTests", ["Faults", "Threads", "LocalServices", "TestSupport"]),
            .tests(
                "PhantomsTests",
                [
                    "Faults", "Phantoms", "Statistics", "Plausibility", "Anatomy", "Volumes", "DICOMSeries",
                    "TestSupport",
                ])
        ),
        folder(
            "Tests",
            .tests(
                "IntegrationTests",
                [
                    "Faults", "Documents",
                    "Threads",
                    "WorkerRuntime", "LocalServices", "Studies", "Registry", "JobEngine", "Persistence", "Messaging",
                    "Storage", "Phantoms",
                    "Volumes", "DICOMSeries", "Anatomy", "TensorCore",
                    "Networks", "PyTorchFiles", "Plans", "DIMSE", "DICOMDictionary", "DICOMObjects",
                    "DICOMSegmentations", "TestSupport",
                ])
        ),
    ] as [[Target]]).flatMap { $0 },
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)

// COLUMNA_ONLY=LearningTests,Bench: these targets and what they need, for whoever works on one of them.
if let wanted = Context.environment["COLUMNA_ONLY"] {
    var (needed, open) = (Set<String>(), wanted.split(separator: ",").map(String.init))
    while let name = open.popLast() {
        guard needed.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else {
            continue
        }
        for case .byNameItem(let name, _) in target.dependencies { open.append(name) }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products.removeAll { product in
        !((product as? Product.Executable)?.targets.allSatisfy(needed.contains) ?? false)
    }
}
