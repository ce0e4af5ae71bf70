import Foundation
import HTTP

extension DICOMwebClient {
    private var server: HTTPServer {
        HTTPServer(
            isSecure: baseURL.scheme?.lowercased() == "https", credentials: credentials, caFile: caFile,
            connectTimeout: connectTimeout, timeout: timeout)
    }

    /// - Throws: what `receive` and `body` throw, and what the exchange came to instead of a whole response; a status
    ///   is no error here.
    func exchange(
        url: String, accept: String, body: HTTPTransfer.Body? = nil, isCancelled: @escaping () -> Bool,
        receive: @escaping (HTTPTransfer.Head, UnsafeRawBufferPointer) throws(DICOMwebError) -> Void
    ) throws(DICOMwebError) -> HTTPTransfer.Head {
        do {
            return try HTTPTransfer.run(
                server, url: url, accept: accept, body: body, isCancelled: isCancelled, receive: receive)
        } catch let error as DICOMwebError {
            throw error
        } catch let error as HTTPError {
            throw DICOMwebError(error, self)
        } catch {
            throw DICOMwebError(.internalFailure, "the exchange with the DICOMweb server failed")
        }
    }

    /// A whole response in memory, up to `limit` bytes.
    func collect(
        url: String, accept: String, body: HTTPTransfer.Body? = nil, limit: Int, isCancelled: @escaping () -> Bool
    ) throws(DICOMwebError) -> (head: HTTPTransfer.Head, body: Data) {
        var data = Data()
        let head = try exchange(url: url, accept: accept, body: body, isCancelled: isCancelled) {
            _, bytes throws(DICOMwebError) in
            guard data.count + bytes.count <= limit else {
                throw DICOMwebError(.tooLarge, "the server's answer is larger than \(limit) bytes")
            }
            data.append(contentsOf: bytes)
        }
        return (head, data)
    }
}

extension DICOMwebError {
    fileprivate init(_ error: HTTPError, _ client: DICOMwebClient) {
        let place = " at \(client.baseURL.host() ?? "")"
        let (code, message): (Code, String) =
            switch error.code {
            case .unknownHost: (.unreachable, "the DICOMweb server's name is unknown\(place): check the base URL")
            case .noConnection:
                (.unreachable, "no connection to the DICOMweb server\(place): check base URL and firewall")
            case .silent: (.timedOut, "the DICOMweb server\(place) was silent for too long")
            case .truncated: (.truncated, "the answer of the DICOMweb server\(place) ended too early")
            case .connectionLost: (.connectionLost, "the connection to the DICOMweb server\(place) broke")
            case .untrusted:
                (
                    .untrusted,
                    "the certificate of the DICOMweb server\(place) is not trusted: name the authority's certificate"
                )
            case .noTLS:
                (.untrusted, "no secure connection to the DICOMweb server\(place): does it speak TLS there?")
            case .circularRedirects:
                (.refused, "the DICOMweb server\(place) redirects in circles: correct the base URL")
            case .foreignRedirect:
                (
                    .refused,
                    "the DICOMweb server\(place) redirects to something else than \(client.baseURL.scheme ?? "http")"
                )
            case .outOfMemory: (.internalFailure, "memory ran out while talking to the DICOMweb server\(place)")
            case .notHTTP: (.invalidResponse, "what answers\(place) does not speak HTTP")
            case .largeHead: (.invalidResponse, error.description)
            case .cancelled: (.cancelled, error.description)
            case .unusableLibrary: (.internalFailure, error.description)
            case .other: (.connectionLost, "the exchange with the DICOMweb server\(place) failed (\(error))")
            }
        self.init(code, message)
    }
}
