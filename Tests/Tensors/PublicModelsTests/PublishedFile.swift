import Foundation
import TestSupport

/// A web server of one file, as such servers are: it knows ranges, conditions and entity tags.
struct PublishedFile: Sendable {
    var bytes: [UInt8]
    var tag: String? = "\"one\""
    var heedsConditions = true
    /// The answer to request number n breaks off after so many bytes of its body.
    var ends: [Int: Int] = [:]

    func answer(_ request: ScriptedServer.Request, _ number: Int) -> [UInt8] {
        var (status, body, fields) = ("200 OK", bytes[...], [String]())
        if let range = request.field("Range")?.firstMatch(of: /^bytes=(\d+)-$/), let first = Int(range.1),
            !heedsConditions || request.field("If-Range") == tag
        {
            if first < bytes.count {
                (status, body) = ("206 Partial Content", bytes[first...])
                fields.append("Content-Range: bytes \(first)-\(bytes.count - 1)/\(bytes.count)")
            } else {
                (status, body) = ("416 Range Not Satisfiable", [])
                fields.append("Content-Range: bytes */\(bytes.count)")
            }
        }
        if let tag { fields.append("ETag: \(tag)") }
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)", "Connection: close"] + fields
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body.prefix(ends[number] ?? .max)
    }
}
