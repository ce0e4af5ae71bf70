/// What an input may make a reader allocate.
package enum Allowance {
    /// Fixed costs: buffers of zlib, of the parsers and of the harness, whatever the input.
    package static let fixed = 4 << 20
    /// Times the input.
    package static let factor = 10

    /// - Parameter plausible: bytes that a checked statement in the input's header explains on top; a compressed volume
    ///   becomes larger than ten times its file, and that is no fault as long as the stated size is one the file can
    ///   become.
    static func bytes(input: Int, plausible: Int) -> Int { fixed + factor * input + plausible }
}
