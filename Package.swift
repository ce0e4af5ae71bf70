// swift-tools-version: 6.1
// One target per folder; the target graph is the architecture (README.md). A target imports only targets listed above it, from the floors
// below or earlier on its own: C libraries (0), Anatomy, Compression and Cryptography (1), Volumes, DICOM, TensorCore (2), networks, their files, metrics,
// phantoms and the pure job engine (3), adapters, plans, learning and segmentation (4), the worker runtime (5), services (6).
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

/// A target of Shared/; its C++ and kernels need nothing but what Debian's packages install.
func shared(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: exclude, swiftSettings: strict + settings)
}

/// Numerics: AVX2 and FMA on x86-64 (the x86-64-v3 baseline), bounds proven by the layers that call the kernels.
#if arch(x86_64)
    let kernels: [SwiftSetting] = [.unsafeFlags(["-Ounchecked", "-Xcc", "-march=x86-64-v3"], .when(configuration: .release))]
#else
    let kernels: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]
#endif

/// A C library: a module map and a shim, nothing else.
func library(_ name: String, _ pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, path: "Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A worker's executable or the command line.
func service(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Services/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

/// What every worker is built from.
let worker: [Target.Dependency] = ["WorkerRuntime", "JobEngine", "Storage", logging, lifecycle]

let package = Package(
    name: "Columna",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "columna", targets: ["Columna"]),
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
    targets: [
        // 0: C libraries
        library("CPostgreSQL", "libpq", apt: "libpq-dev"),
        library("CRabbitMQ", "librabbitmq", apt: "librabbitmq-dev"),
        library("CNIfTI", apt: "libnifti-dev"),
        library("COpenBLAS", "openblas", apt: "libopenblas-dev"),
        .systemLibrary(name: "CProcessor", path: "Shared/CProcessor"),
        .systemLibrary(name: "COpenat2", path: "Shared/COpenat2"),
        library("COpenSSL", "libcrypto", apt: "libssl-dev"),
        library("CPNG", "libpng", apt: "libpng-dev"),
        library("CZlib", "zlib", apt: "zlib1g-dev"),
        library("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
        // C++ for the three that follow; no Swift file imports it.
        .target(
            name: "CDICOMStructure", path: "Shared/CDICOMStructure",
            linkerSettings: ["dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),
        .target(
            name: "CDICOM", dependencies: ["CDICOMStructure"], path: "Shared/CDICOM",
            cxxSettings: [.unsafeFlags(["-isystem", "/usr/include/openjpeg-2.5"])],
            linkerSettings: ["dcmdata", "dcmimgle", "dcmjpeg", "dcmjpls", "oflog", "ofstd", "openjp2", "z"].map { .linkedLibrary($0) }),
        .target(
            name: "CDIMSE", dependencies: ["CDICOMStructure"], path: "Shared/CDIMSE",
            linkerSettings: ["dcmnet", "dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),

        .target(
            name: "CDICOMObjects", dependencies: ["CDICOMStructure"], path: "Shared/CDICOMObjects",
            linkerSettings: ["dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),

        // 1
        shared("Anatomy"),
        shared("FileKinds"),
        shared("Statistics"),
        shared("Compression", ["CZlib"]),
        shared("Cryptography", ["COpenSSL"]),
        shared("DICOMObjects", ["CDICOMObjects"]),

        // 2
        // Debian's nifti2_io.h includes <znzlib.h>, which lies in the folder beside it.
        shared("Volumes", ["CNIfTI", "Compression", "FileKinds"], settings: [.unsafeFlags(["-Xcc", "-I/usr/include/nifti"])]),
        shared("DICOM", ["CDICOM", "Compression", "FileKinds", "Volumes"]),
        shared("TensorCore", ["COpenBLAS", "CProcessor", "FileKinds"], exclude: ["README.md"], settings: kernels),

        // 3
        shared("DeIdentification", ["Cryptography", "DICOMObjects"]),
        shared("SegmentationObjects", ["Cryptography", "DICOM", "DICOMObjects", "Anatomy", "Volumes"]),
        shared("Networks", ["TensorCore"], settings: kernels),
        shared("PyTorchFiles", ["FileKinds", "Compression", "TensorCore", "Networks"]),
        shared("LabelMaps", ["Anatomy", "Volumes"]),
        shared("Surfaces", ["Volumes"]),
        shared("Metrics", ["Anatomy", "Volumes", "Surfaces"]),
        shared("Plausibility", ["Anatomy", "Volumes"]),
        shared("Phantoms", ["Anatomy", "Volumes", "DICOM"]),
        shared("JobEngine"),

        // 4: the right wing knows nothing of jobs …
        shared("Plans", ["FileKinds", "Anatomy", "Volumes", "TensorCore", "Networks"]),
        shared("ModelExchange", ["PyTorchFiles", "Plans", "Networks", "TensorCore", "Anatomy", "Volumes"]),
        shared("Segmentation", ["Plans", "Volumes", "TensorCore", "Networks"]),
        // Learning validates as inference segments.
        shared("Learning", ["Plans", "Segmentation", "Volumes", "TensorCore", "Networks"]),
        shared("CohortAnalysis", ["Statistics", "Metrics", "Anatomy"]),
        shared("Reports", ["CPNG", "Cryptography", "Anatomy", "Volumes", "Metrics", "Surfaces", "Statistics", "CohortAnalysis"]),
        // … and the adapters nothing of spines.
        shared("Persistence", ["JobEngine", "CPostgreSQL", "Cryptography", logging]),
        shared("Messaging", ["JobEngine", "FileKinds", "Cryptography", "CRabbitMQ", logging]),
        shared("Storage", ["JobEngine", "Cryptography"]),
        shared("Site", ["COpenat2", "JobEngine", "DICOM", "DeIdentification", .product(name: "Yams", package: "Yams")]),
        shared("DIMSE", ["CDIMSE"]),
        shared("DICOMweb", ["CCurl"]),
        shared("LocalServices", ["JobEngine", "Messaging", "Persistence", "Storage"]),

        // 5
        shared("WorkerRuntime", ["JobEngine", "Persistence", "Messaging", "Storage", logging, lifecycle, signals]),
        // Both wings meet in what evaluations store.
        shared("Evaluations", ["JobEngine", "Metrics", "CohortAnalysis", "Statistics", "Anatomy", "Cryptography"]),
        shared("TestSupport", ["JobEngine", "Persistence", "Messaging", "TensorCore"]),

        // 6
        service("Ingestion", worker + [
            "DICOM", "DICOMObjects", "DICOMweb", "DIMSE", "SegmentationObjects", "DeIdentification", "Cryptography", "Volumes", "Anatomy", "LabelMaps", "Site", "Persistence", "Messaging",
        ]),
        service("Preprocessing", worker + ["Plans", "Volumes"]),
        service("Training", worker + ["Learning", "Plans", "TensorCore", "Volumes"]),
        service("Inference", worker + ["Segmentation", "Plausibility", "Plans", "Reports", "TensorCore", "Volumes", "Anatomy"]),
        service("Evaluation", worker + ["Evaluations", "Metrics", "CohortAnalysis", "Volumes", "Anatomy"]),
        service("Columna", [
            "WorkerRuntime", "LocalServices", "Evaluations", "JobEngine", "Persistence", "Messaging", "Storage", "Anatomy", "Volumes", "LabelMaps", "DICOM",
            "DICOMObjects", "DIMSE", "SegmentationObjects", "TensorCore", "Networks", "PyTorchFiles", "Plans", "ModelExchange", "Learning", "Segmentation",
            "Metrics", "Plausibility", "Surfaces", "Statistics", "CohortAnalysis", "Reports", "Phantoms", "Site", "DeIdentification", arguments, logging,
        ]),

        // Tests, one folder per target
        tests("AnatomyTests", ["Anatomy"]),
        tests("FileKindsTests", ["FileKinds"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("StatisticsTests", ["Statistics", "TestSupport"]),
        tests("DICOMObjectsTests", ["DICOMObjects"]),
        tests("DeIdentificationTests", ["DeIdentification", "DICOMObjects", "TestSupport"]),
        tests("SegmentationObjectsTests", ["SegmentationObjects", "DICOMObjects", "Anatomy", "Volumes", "Compression", "TestSupport"]),
        tests("VolumesTests", ["Volumes", "Compression", "TensorCore", "TestSupport"]),
        tests("DICOMTests", ["DICOM", "DICOMObjects", "DIMSE", "Volumes", "TestSupport"]),
        tests("DIMSETests", ["DIMSE", "TestSupport"]),
        tests("DICOMwebTests", ["DICOMweb", "TestSupport"]),
        tests("TensorCoreTests", ["TensorCore", "TestSupport"]),
        tests("NetworksTests", ["Networks", "TensorCore", "TestSupport"]),
        tests("PyTorchFilesTests", ["PyTorchFiles", "Networks", "TensorCore", "TestSupport"]),
        tests("LabelMapsTests", ["LabelMaps", "Anatomy", "Volumes", "TestSupport"]),
        tests("SurfacesTests", ["Surfaces", "Volumes"]),
        tests("MetricsTests", ["Metrics", "Surfaces", "Anatomy", "Volumes", "TensorCore", "TestSupport"]),
        tests("CohortAnalysisTests", ["CohortAnalysis", "Statistics", "Metrics", "Anatomy"]),
        tests("PlausibilityTests", ["Plausibility", "Phantoms", "Anatomy", "Volumes", "TestSupport"]),
        tests("PhantomsTests", ["Phantoms", "Anatomy", "Volumes", "DICOM", "TestSupport"]),
        tests("JobEngineTests", ["JobEngine", "TestSupport"]),
        tests("PlansTests", ["Plans", "Networks", "Volumes", "TensorCore", "TestSupport"]),
        tests("ModelExchangeTests", ["ModelExchange", "Anatomy", "PyTorchFiles", "Plans", "Networks", "TensorCore", "Volumes", "TestSupport"]),
        tests("LearningTests", ["Learning", "Plans", "Networks", "TensorCore", "Volumes", "TestSupport"]),
        tests("SegmentationTests", ["Segmentation", "Plans", "Networks", "TensorCore", "Volumes", "TestSupport"]),
        tests("ReportsTests", ["Reports", "CohortAnalysis", "Statistics", "Surfaces", "Metrics", "Volumes", "Anatomy", "TestSupport"]),
        tests("PersistenceTests", ["Persistence", "JobEngine", "Cryptography", "TestSupport"]),
        tests("MessagingTests", ["Messaging", "JobEngine", "TestSupport"]),
        tests("StorageTests", ["Storage", "JobEngine", "TestSupport"]),
        tests("SiteTests", ["Site", "DICOM", "DeIdentification", "JobEngine", "TestSupport"]),
        tests("LocalServicesTests", ["LocalServices", "TestSupport"]),
        tests("EvaluationsTests", ["Evaluations", "JobEngine", "Metrics", "Anatomy", "Volumes"]),
        tests("WorkerRuntimeTests", ["WorkerRuntime", "JobEngine", "Persistence", "Messaging", "Storage", "TestSupport", logging]),
        tests("IntegrationTests", [
            "WorkerRuntime", "LocalServices", "JobEngine", "Persistence", "Messaging", "Storage", "Phantoms", "Volumes", "DICOM", "Anatomy", "TensorCore",
            "Networks", "DIMSE", "DICOMObjects", "SegmentationObjects", "TestSupport",
        ]),
    ],
    cxxLanguageStandard: .cxx17
)
