import Foundation

/// Reads a multipart body (RFC 2046 5.1) as it arrives, in chunks of any size. Memory is bounded: content is passed on
/// at once, and headers have a limit.
package struct MultipartParser {
    package enum Event {
        /// Names in lower case.
        case began(headers: [String: String])
        /// Valid during the call only.
        case content(UnsafeRawBufferPointer)
        case ended
    }

    package static let largestHeaders = 16 << 10

    private enum State {
        case preamble, afterBoundary, headers, content, epilogue
    }

    /// CRLF, two hyphens, boundary.
    private let delimiter: [UInt8]
    /// The first boundary may stand at the very beginning, where no line ends before it.
    private var buffer: [UInt8] = [13, 10]
    private var state = State.preamble

    package init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// Takes the next bytes; calls `sink` in order for what they complete.
    ///
    /// - Throws: `DICOMwebError.invalidResponse`, and what `sink` throws.
    package mutating func feed(_ chunk: UnsafeRawBufferPointer, _ sink: (Event) throws(DICOMwebError) -> Void)
        throws(DICOMwebError)
    {
        if state == .epilogue { return }
        buffer.append(contentsOf: chunk)
        var position = 0
        while try step(&position, sink) {}
        buffer.removeFirst(position)
    }

    /// - Throws: `DICOMwebError.truncated` unless the last boundary has come.
    package func finish() throws(DICOMwebError) {
        guard state == .epilogue else {
            throw DICOMwebError(.truncated, "the server's answer ended before its last part did")
        }
    }

    /// One step from `position` on; false when more bytes are needed.
    private mutating func step(_ position: inout Int, _ sink: (Event) throws(DICOMwebError) -> Void)
        throws(DICOMwebError) -> Bool
    {
        switch state {
        case .preamble, .content:
            let isContent = state == .content
            let found = find(delimiter, from: position)
            // What may be the beginning of a delimiter waits for the rest of it.
            let end = found ?? max(position, buffer.count - (delimiter.count - 1))
            if isContent, end > position { try pass(position..<end, sink) }
            position = end
            guard found != nil else { return false }
            position += delimiter.count
            if isContent { try sink(.ended) }
            state = .afterBoundary
            return true
        case .afterBoundary: return try readBoundaryLine(&position)
        case .headers:
            guard let headers = try readHeaders(&position) else { return false }
            try sink(.began(headers: headers))
            state = .content
            return true
        case .epilogue:
            position = buffer.count
            return false
        }
    }

    /// After a boundary: two hyphens end everything; else padding and a line end.
    private mutating func readBoundaryLine(_ position: inout Int) throws(DICOMwebError) -> Bool {
        guard buffer.count - position >= 2 else { return false }
        if buffer[position] == UInt8(ascii: "-"), buffer[position + 1] == UInt8(ascii: "-") {
            state = .epilogue
            return true
        }
        while position < buffer.count, buffer[position] == 0x20 || buffer[position] == 0x09 { position += 1 }
        guard buffer.count - position >= 2 else { return false }
        guard buffer[position] == 13, buffer[position + 1] == 10 else {
            throw DICOMwebError(
                .invalidResponse, "a boundary of the server's multipart answer is not followed by a line end")
        }
        // The line end stays: together with the one that ends the headers it makes the empty line, also when there are
        // no headers.
        state = .headers
        return true
    }

    private func readHeaders(_ position: inout Int) throws(DICOMwebError) -> [String: String]? {
        guard let end = find([13, 10, 13, 10], from: position), end - position <= Self.largestHeaders else {
            guard buffer.count - position <= Self.largestHeaders + 4 else {
                throw DICOMwebError(
                    .invalidResponse, "the headers of a part are larger than \(Self.largestHeaders) bytes")
            }
            return nil
        }
        var headers: [String: String] = [:]
        for line in String(decoding: buffer[position..<end], as: UTF8.self).split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else {
                throw DICOMwebError(.invalidResponse, "a header of a part has no colon")
            }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        position = end + 4
        return headers
    }

    private func pass(_ range: Range<Int>, _ sink: (Event) throws(DICOMwebError) -> Void) throws(DICOMwebError) {
        // A typed error does not come through withUnsafeBytes.
        let result = buffer.withUnsafeBytes { bytes in
            Result { () throws(DICOMwebError) in try sink(.content(UnsafeRawBufferPointer(rebasing: bytes[range]))) }
        }
        try result.get()
    }

    private func find(_ pattern: [UInt8], from position: Int) -> Int? {
        guard buffer.count - position >= pattern.count else { return nil }
        return buffer.withUnsafeBytes { bytes -> Int? in
            guard let start = bytes.baseAddress else { return nil }
            var at = position
            while bytes.count - at >= pattern.count,
                let found = memchr(start + at, Int32(pattern[0]), bytes.count - at - pattern.count + 1)
            {
                at = UnsafeRawPointer(found) - start
                if memcmp(found, pattern, pattern.count) == 0 { return at }
                at += 1
            }
            return nil
        }
    }
}

extension MultipartParser {
    /// The boundary a Content-Type names; nil where it is not multipart/related (RFC 2387) or has none.
    package static func boundary(ofContentType text: String) -> String? {
        let parameters = text.split(separator: ";", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard parameters.first?.lowercased() == "multipart/related" else { return nil }
        for parameter in parameters.dropFirst() {
            guard let equals = parameter.firstIndex(of: "="), parameter[..<equals].lowercased() == "boundary" else {
                continue
            }
            var value = parameter[parameter.index(after: equals)...]
            if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
            // RFC 2046 5.1.1: at most 70 characters of a small repertoire, all of them printable ASCII.
            let isBoundary = (1...70).contains(value.utf8.count) && value.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
            return isBoundary ? String(value) : nil
        }
        return nil
    }
}
