import DICOMSeries
import Faults
import Foundation
import Glibc
import JobEngine
import Site
import TestSupport
import Testing

/// What a message may name, against whoever can write into a folder that a hospital shares.
struct InputRootsTests {
    private let temporary: TemporaryFolder
    private var folder: URL { temporary.url }

    init() throws {
        temporary = try TemporaryFolder()
        for name in ["a/study/inner", "b/study"] {
            try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        for (name, text) in [
            ("a/study/1", "a one"), ("a/study/inner/2", "a two"), ("b/study/1", "b one"), ("a/ct.nii.gz", "a volume"),
        ] {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
    }

    private func site(_ tenants: String) throws -> Site {
        try Site.parse("tenants:\n" + tenants.replacing("@", with: folder.path))
    }

    private func roots(_ name: String = "a") -> InputRoots {
        InputRoots([folder.appending(path: name)], remedy: "add it")
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func texts(_ input: HeldInput) throws -> [String] {
        switch input.content {
        case .file(let file): [try String(contentsOf: file, encoding: .utf8)]
        case .folder(let files): try files.files.map { try String(contentsOf: $0, encoding: .utf8) }.sorted()
        }
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
    }

    // MARK: Whose roots

    @Test func aTenantReadsItsOwnFoldersAndNobodyElses() throws {
        let site = try site("  a: {input-roots: ['@/a']}\n  b: {input-roots: ['@/b']}\n  c:\n")
        let everybodys = [folder]
        #expect(
            try texts(site.inputRoots(of: "a", otherwise: everybodys).open(path("a/study"), what: "study")) == [
                "a one", "a two",
            ])
        for (tenant, place) in [
            ("a", "b/study"), ("a", "a/../b/study/1"), ("b", "a/study/1"), ("c", "a/study"), ("unnamed", "a/study"),
        ] {
            let error = #expect(throws: JobFailure.self) {
                try site.inputRoots(of: Tenant(tenant), otherwise: everybodys).open(path(place), what: "study")
            }
            #expect(error?.code == "path-outside-roots" && error?.class == .data)
            #expect(error?.reason.contains("tenants.\(tenant).input-roots") == true)
            #expect(error?.reason.contains("study/1") == false)
        }
    }

    @Test func withoutTenantsInTheSiteFileTheWorkersRootsHoldForAll() throws {
        for site in [Site(), try Site.parse("custody-keys: /run/secrets/custody")] {
            #expect(
                try texts(site.inputRoots(of: "anybody", otherwise: [folder]).open(path("b/study/1"), what: "study"))
                    == ["b one"])
        }
    }

    @Test func tenantsWithoutFoldersAreKnown() throws {
        #expect(try site("  c:\n  b:\n  a: {input-roots: ['@/a']}\n").tenantsWithoutInputRoots == ["b", "c"])
        #expect(Site().tenantsWithoutInputRoots.isEmpty)
    }

    @Test func rootsAreAbsolute() {
        #expect(throws: SiteError.self) { try Site.parse("tenants: {a: {input-roots: [studies]}}") }
    }

    // MARK: What lies below them

    @Test func linksThatStayInsideAreFollowedAndOthersRefused() throws {
        try link("a/near", to: "study/1")
        try link("a/absolute", to: path("a/study"))
        try link("a/far", to: path("b/study"))
        try link("a/up", to: "../b/study/1")
        #expect(try texts(roots().open(path("a/near"), what: "study")) == ["a one"])
        #expect(try texts(roots().open(path("a/absolute"), what: "study")) == ["a one", "a two"])
        let told = "a symbolic link on the study's path leads out"
        for (name, isLed) in [
            ("a/far", true), ("a/far/1", true), ("a/up", true), ("a/study/../../b/study", false), ("b/study", false),
            ("ab", false),
        ] {
            let error = #expect(throws: JobFailure.self) { try roots().open(path(name), what: "study") }
            #expect(error?.code == "path-outside-roots")
            #expect(
                error?.reason.contains(told) == isLed && error?.reason.contains("lies outside") == !isLed, "\(name)")
        }
        try link("door", to: path("a"))
        let error = #expect(throws: JobFailure.self) { try roots("door").open(path("door/far/1"), what: "study") }
        #expect(error?.reason.contains(told) == true, "a root may itself be named by a link")
    }

    @Test func linksInsideAStudyAreLeftAloneAndCounted() throws {
        try link("a/study/3", to: path("b/study/1"))
        try link("a/study/folder", to: path("b/study"))
        try link("a/study/4", to: "1")
        let input = try roots().open(path("a/study"), what: "study")
        #expect(try texts(input) == ["a one", "a two"])
        guard case .folder(let files) = input.content else { return #expect(Bool(false), "expected a folder") }
        #expect(files.outsideLinks == 2 && Set(files.paths) == Set(["1", "inner/2"].map { Array($0.utf8) }))
    }

    @Test func whatIsSwappedForALinkAfterTheCheckIsNotFollowed() throws {
        let input = try roots().open(path("a/study"), what: "study")
        // A file, a folder on the way, and the study itself.
        try FileManager.default.removeItem(atPath: path("a/study/1"))
        try link("a/study/1", to: path("b/study/1"))
        try FileManager.default.removeItem(atPath: path("a/study/inner"))
        try link("a/study/inner", to: path("b/study"))
        #expect(try texts(input) == ["a one", "a two"])
        try FileManager.default.moveItem(atPath: path("a/study"), toPath: path("a/old"))
        try link("a/study", to: path("b/study"))
        #expect(try texts(input) == ["a one", "a two"])
        #expect(throws: JobFailure.self) { try roots().open(path("a/study"), what: "study") }
    }

    @Test func aFileSwappedForALinkAfterTheCheckIsTheFileStill() throws {
        let input = try roots().open(path("a/ct.nii.gz"), what: "study")
        try FileManager.default.removeItem(atPath: path("a/ct.nii.gz"))
        try link("a/ct.nii.gz", to: path("b/study/1"))
        #expect(try texts(input) == ["a volume"])
        guard case .file(let file) = input.content else { return #expect(Bool(false), "expected a file") }
        #expect(file.lastPathComponent == "input.nii.gz")
    }

    /// Somebody swaps a folder for a link and back as fast as can be, while it is opened again and again: never a byte
    /// of the other tenant's.
    @Test func aSwapDuringTheOpeningNeverLeadsOut() throws {
        try FileManager.default.moveItem(atPath: path("a/study"), toPath: path("a/mine"))
        let (shown, mine, others) = (path("a/study"), path("a/mine"), path("b/study"))
        try FileManager.default.createSymbolicLink(atPath: shown, withDestinationPath: mine)
        let done = DispatchSemaphore(value: 0)
        let swapper = Thread {
            for round in 0..<1000 {
                symlink(round.isMultiple(of: 2) ? others : mine, shown + ".new")
                rename(shown + ".new", shown)
            }
            done.signal()
        }
        swapper.start()
        var othersRead = 0
        while done.wait(timeout: .now()) == .timedOut {
            guard let input = try? roots().open(shown, what: "study") else { continue }
            if try texts(input).contains(where: { !$0.hasPrefix("a") }) { othersRead += 1 }
        }
        #expect(othersRead == 0)
    }

    @Test func bothHalvesOfAPairAreHeld() throws {
        for ending in ["hdr", "img"] { try Data(ending.utf8).write(to: folder.appending(path: "a/Doe.\(ending)")) }
        let input = try roots().open(path("a/Doe.hdr"), what: "study")
        guard case .file(let file) = input.content else { return #expect(Bool(false), "expected a file") }
        #expect(file.lastPathComponent == "input.hdr")
        #expect(
            try String(contentsOf: file.deletingLastPathComponent().appending(path: "input.img"), encoding: .utf8)
                == "img")
    }

    @Test func aMediumsDirectoryStandsForItsFolder() throws {
        try Data("directory".utf8).write(to: folder.appending(path: "a/study/DICOMDIR"))
        #expect(try texts(roots().open(path("a/study/DICOMDIR"), what: "study")) == ["a one", "a two", "directory"])
    }

    @Test(arguments: [("relative", "path-relative"), ("missing", "path-missing"), ("pipe", "path-not-regular")])
    func whatCannotBeReadIsNamed(name: String, code: String) throws {
        if name == "pipe" { #expect(mkfifo(path("a/pipe"), 0o600) == 0) }
        let error = #expect(throws: JobFailure.self) {
            try roots().open(name == "relative" ? "a/study" : path("a/" + name), what: "study")
        }
        #expect(error?.code == code)
    }

    @Test func namesNeedNotBeUTF8() throws {
        let name = Array((path("a/study") + "/").utf8CString.dropLast()) + [CChar(bitPattern: 0xE9), 0]
        let descriptor = Glibc.open(name, O_CREAT | O_WRONLY, 0o600)
        #expect(descriptor >= 0 && write(descriptor, "a three", 7) == 7)
        close(descriptor)
        #expect(try texts(roots().open(path("a/study"), what: "study")) == ["a one", "a three", "a two"])
    }
}
