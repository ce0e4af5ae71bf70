// swift-tools-version: 6.1
// Fuzz targets for all that reads bytes from outside. A package of its own, so that `make build` and `make test` do not
// build it; `Shared` is a link to the product's sources, of which there is one copy. Scripts/fuzz builds all of it with
// `--sanitize address --sanitize fuzzer`: every Swift and C++ file here, not Debian's libraries (DCMTK, OpenJPEG, zlib,
// libnifti), whose memory is checked only where they allocate it and where our code touches it.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A target of the product. Without its `-Ounchecked`: what would be undefined there stops the program here.
func shared(
    _ wing: String, _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    settings: [SwiftSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(wing)/\(name)", exclude: exclude,
        swiftSettings: strict + settings)
}

func library(_ wing: String, _ name: String, _ pkgConfig: String? = nil) -> Target {
    .systemLibrary(name: name, path: "Shared/\(wing)/\(name)", pkgConfig: pkgConfig)
}

/// Our C++: besides, overflowing numbers and shifts end the program.
let cxx: [CXXSetting] = [
    .unsafeFlags(["-isystem", "/usr/include/openjpeg-2.5"]),
    .unsafeFlags(["-fsanitize=undefined", "-fno-sanitize=vptr,function", "-fno-sanitize-recover=undefined"]),
]

/// A reader's executable; libFuzzer brings `main`.
func fuzz(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: "fuzz-\(name)", dependencies: ["Harness"] + dependencies, path: "Targets/\(name)",
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
        // gold warns of the sanitizer's hidden symbols by the hundred.
        linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
}

let package = Package(
    name: "ColumnaFuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")],
    targets: [
        library("Bindings", "CRabbitMQ", "librabbitmq"),
        library("Bindings", "CNIfTI"),
        library("Bindings", "COpenBLAS", "openblas"),
        library("Bindings", "COpenSSL", "libcrypto"),
        library("Bindings", "CZlib", "zlib"),
        .systemLibrary(name: "CProcessor", path: "Shared/Bindings/CProcessor"),
        .target(
            name: "CDCMTK", path: "Shared/Bindings/CDCMTK", cxxSettings: cxx,
            linkerSettings: ["dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),
        .target(
            name: "CDICOM", dependencies: ["CDCMTK"], path: "Shared/Bindings/CDICOM", cxxSettings: cxx,
            linkerSettings: ["dcmdata", "dcmimgle", "dcmjpeg", "dcmjpls", "oflog", "ofstd", "openjp2", "z"].map {
                .linkedLibrary($0)
            }),

        .target(
            name: "CDICOMObjects", dependencies: ["CDCMTK"], path: "Shared/Bindings/CDICOMObjects",
            cxxSettings: cxx,
            linkerSettings: ["dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),

        shared("Ground", "Faults"),
        shared("Imaging", "Anatomy", ["Faults"]),
        shared("Ground", "Cryptography", ["Faults", "COpenSSL"]),
        library("Bindings", "COpenat2"),
        shared("Ground", "Files", ["COpenat2"]),
        shared("Ground", "Threads"),
        shared("Ground", "Statistics"),
        shared("Ground", "Documents", ["Faults"]),
        shared("Ground", "Archives", ["Faults", "Files", "Threads", "CZlib"]),
        shared(
            "Imaging", "Volumes", ["Faults", "Threads", "CNIfTI", "Archives", "Files"],
            settings: [.unsafeFlags(["-Xcc", "-I/usr/include/nifti"])]),
        shared("Hospital", "DICOMDictionary", ["CDCMTK"]),
        shared(
            "Hospital", "DICOMSeries",
            ["Faults", "Statistics", "DICOMDictionary", "Threads", "CDICOM", "Archives", "Files", "Volumes"]),
        shared("Hospital", "DICOMObjects", ["Faults", "Files", "DICOMDictionary", "CDICOMObjects"]),
        shared(
            "Tensors", "TensorCore", ["Faults", "Statistics", "Threads", "COpenBLAS", "CProcessor", "Files"],
            exclude: ["README.md"]),
        shared("Tensors", "Networks", ["Faults", "Statistics", "Threads", "TensorCore"]),
        shared("Tensors", "PyTorchFiles", ["Faults", "Archives", "Files", "TensorCore", "Networks"]),
        shared("Queue", "JobEngine", ["Faults", "Documents"]),
        shared("Tensors", "Plans", ["Faults", "Documents", "Files", "Anatomy", "Volumes", "TensorCore", "Networks"]),
        shared(
            "Queue", "Messaging",
            [
                "Faults", "Threads", "Documents", "JobEngine", "CRabbitMQ",
                .product(name: "Logging", package: "swift-log"),
            ]),
        shared("Imaging", "Surfaces", ["Volumes"]),
        shared("Judging", "Metrics", ["Faults", "Threads", "Anatomy", "Volumes", "Surfaces"]),
        shared(
            "Work", "Studies", ["Faults", "Documents", "JobEngine", "Messaging", "Files", "Cryptography", "Metrics"]),

        .target(name: "Allocations", path: "Allocations"),
        .target(name: "Harness", dependencies: ["Allocations"], path: "Harness", swiftSettings: strict),
        .target(
            name: "DICOMSeeds", path: "DICOMSeeds", cxxSettings: cxx,
            linkerSettings: ["dcmdata", "dcmjpeg", "dcmjpls", "openjp2"].map { .linkedLibrary($0) }),

        // What the tests read too.
        .target(
            name: "AwkwardObjects", path: "Shared/Workshop/TestSupport", sources: ["AwkwardObject.swift"],
            swiftSettings: strict),

        fuzz("dicom", ["DICOMSeries", "DICOMSeeds", "AwkwardObjects"]),
        fuzz("objects", ["DICOMObjects", "DICOMSeeds", "AwkwardObjects"]),
        fuzz("nifti", ["Volumes"]),
        fuzz("message", ["Studies", "Messaging"]),
        fuzz("plan", ["Plans", "Networks"]),
        fuzz("safetensors", ["TensorCore"]),
        fuzz("pytorch", ["PyTorchFiles", "TensorCore"]),
    ],
    cxxLanguageStandard: .cxx17
)
