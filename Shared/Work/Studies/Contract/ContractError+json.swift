import Documents

extension ContractError {
    /// What keeps a message from being a document.
    init(_ fault: JSONFault, of body: [UInt8]) {
        func notJSON(_ reason: String) -> ContractError {
            let what =
                FirstBytes.name(body).map { "it looks like \($0), expected the CloudEvents 1.0 object itself" }
                ?? reason
            return ContractError(.notJSON, "the message of \(body.count) bytes is not JSON in UTF-8: \(what)")
        }
        switch fault {
        case .notUTF8: self = notJSON("it has bytes that are no UTF-8")
        case .unexpected(let expected, let position): self = notJSON("expected \(expected) at byte \(position)")
        case .tooDeep:
            self.init(
                .notJSON,
                "the message is nested deeper than \(JSONValue.deepestNesting) levels, expected a CloudEvents 1.0 object"
            )
        case .duplicate(let name, let path): self.init(duplicate: name, in: Self.pointer(path))
        }
    }

    private init(duplicate name: String, in pointer: String) {
        guard ObjectReader.isSafeToShow(name) else {
            self.init(
                .duplicateMember, at: pointer,
                "\(ObjectReader.place(pointer)) has a member twice, expected each name once")
            return
        }
        self.init(
            .duplicateMember, at: "\(pointer)/\(name)",
            "\(pointer)/\(name) is there twice, expected each name once: which one is meant nobody knows")
    }

    /// Names that may hold anything are left out.
    private static func pointer(_ path: [JSONFault.Step]) -> String {
        path.map { step in
            switch step {
            case .member(let name): ObjectReader.isSafeToShow(name) ? "/\(name)" : ""
            case .element(let index): "/\(index)"
            }
        }.joined()
    }
}
