package import JobEngine

extension ContentAddress {
    /// One hexadecimal digit 64 times: the address of nothing that is stored.
    package static func repeating(_ digit: Character) -> ContentAddress {
        guard let address = ContentAddress(hex: String(repeating: digit, count: 64)) else {
            preconditionFailure("'\(digit)' is no lower-case hexadecimal digit")
        }
        return address
    }
}
