import DICOMDictionary
import Foundation
import HTTP

extension DICOMwebClient {
    /// An object a server lists.
    package struct Instance: Sendable, Hashable {
        package var seriesInstanceUID: String
        package var sopInstanceUID: String
        /// Empty where the server does not say.
        package var sopClassUID: String

        package init(seriesInstanceUID: String, sopInstanceUID: String, sopClassUID: String = "") {
            self.seriesInstanceUID = seriesInstanceUID
            self.sopInstanceUID = sopInstanceUID
            self.sopClassUID = sopClassUID
        }
    }

    private static let pageSize = 1000
    private static let largestPage = 64 << 20
    /// Against servers that list without end: no study has a million objects.
    private static let mostInstances = 1_000_000

    /// All objects of a study by QIDO-RS, page by page. A study the server does not know has none. Blocks.
    ///
    /// - Throws: `DICOMwebError`; `notFound` where the server says that of the study, as old ones do. So does one that
    ///   is not up yet.
    package func instances(study: String, isCancelled: @escaping () -> Bool = { false }) throws(DICOMwebError)
        -> [Instance]
    {
        var found: [Instance] = []
        var known: Set<String> = []
        while found.count < Self.mostInstances {
            let query = "includefield=\(AttributeTag.sopClass.digits)&limit=\(Self.pageSize)&offset=\(found.count)"
            // The end of a list that has begun is its end in whatever words.
            let page = try list(
                url(study: study, then: "/instances", query: query), notFoundIsEmpty: !found.isEmpty,
                isCancelled: isCancelled)
            let new = page.compactMap(Self.instance).filter { known.insert($0.sopInstanceUID).inserted }
            found += new
            // A server without paging lists the same again; one with a smaller page goes on.
            if new.isEmpty { return found }
        }
        throw DICOMwebError(.tooLarge, "the server lists more than \(Self.mostInstances) objects in one study")
    }

    /// Whether the server has an object. Blocks.
    ///
    /// - Throws: `DICOMwebError`.
    package func contains(sopInstanceUID: String, study: String, series: String) throws(DICOMwebError) -> Bool {
        guard UniqueIdentifier.isValid(sopInstanceUID) else { return false }
        let url = try url(study: study, series: series, then: "/instances", query: "SOPInstanceUID=\(sopInstanceUID)")
        let page = try list(url, notFoundIsEmpty: true, isCancelled: { false })
        return page.compactMap(Self.instance).contains { $0.sopInstanceUID == sopInstanceUID }
    }

    private static func instance(_ entry: DICOMJSON) -> Instance? {
        guard let series = entry.text(.seriesInstance), let instance = entry.text(.sopInstance),
            UniqueIdentifier.isValid(series), UniqueIdentifier.isValid(instance)
        else { return nil }
        return Instance(seriesInstanceUID: series, sopInstanceUID: instance, sopClassUID: entry.text(.sopClass) ?? "")
    }

    private func list(_ url: String, notFoundIsEmpty: Bool, isCancelled: @escaping () -> Bool) throws(DICOMwebError)
        -> [DICOMJSON]
    {
        let (head, body) = try collect(
            url: url, accept: "application/dicom+json", limit: Self.largestPage, isCancelled: isCancelled)
        // 204: nothing matches (PS3.18 10.6.3). 404 from servers that take the study for the resource.
        if head.status == 204 || (head.status == 404 && notFoundIsEmpty) { return [] }
        guard head.isSuccess else {
            throw DICOMwebError(httpStatus: head.status, retryAfter: head.retryAfter, action: "QIDO-RS")
        }
        guard let entries = try? JSONDecoder().decode([DICOMJSON].self, from: body) else {
            throw DICOMwebError(.invalidResponse, "the server's answer to QIDO-RS is no DICOM JSON: check the base URL")
        }
        return entries
    }
}
