/// Reads markup as strictly as XML: every element closed in order, attributes quoted and named once.
struct MarkupCheck {
    struct Element {
        var name: String
        var attributes: [String: String]
    }

    private(set) var elements: [Element] = []
    private(set) var text = ""
    private(set) var faults: [String] = []

    init(_ markup: String) {
        var rest = Substring(markup)
        var open: [String] = []
        if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) } else { faults.append("no document type") }
        while let start = rest.firstIndex(of: "<") {
            add(text: rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else {
                faults.append("a tag that does not end")
                return
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                if open.popLast() != String(tag.dropFirst()) {
                    faults.append("</\(tag.dropFirst())> closes what is not open")
                }
                continue
            }
            let isEmpty = tag.hasSuffix("/")
            let element = read(isEmpty ? tag.dropLast() : tag)
            elements.append(element)
            if isEmpty { continue }
            open.append(element.name)
            // Scripts and styles are no markup until their own end.
            if ["script", "style"].contains(element.name) {
                guard let close = rest.firstRange(of: "</\(element.name)>") else {
                    faults.append("\(element.name) without an end")
                    return
                }
                rest = rest[close.lowerBound...]
            }
        }
        if !open.isEmpty { faults.append("never closed: \(open)") }
    }

    private mutating func add(text part: Substring) {
        for piece in part.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            let name = piece.prefix { $0 != ";" }
            if !["amp", "lt", "gt", "quot", "#39"].contains(name) {
                faults.append("& that is no reference: \(piece.prefix(12))")
            }
        }
        text += " " + part
    }

    private mutating func read(_ tag: Substring) -> Element {
        let name = tag.prefix { $0 != " " && $0 != "\n" }
        var rest = tag.dropFirst(name.count).drop { $0 == " " || $0 == "\n" }
        var attributes: [String: String] = [:]
        while !rest.isEmpty {
            let key = rest.prefix { $0 != "=" }
            let value = rest.dropFirst(key.count + 2)
            guard rest.dropFirst(key.count).hasPrefix("=\""), let end = value.firstIndex(of: "\"") else {
                faults.append("an attribute without quotes in <\(tag.prefix(80))>")
                break
            }
            if value[..<end].contains("<") { faults.append("< in an attribute of <\(name)>") }
            if attributes.updateValue(String(value[..<end]), forKey: String(key)) != nil {
                faults.append("\(key) twice in <\(name)>")
            }
            rest = value[value.index(after: end)...].drop { $0 == " " || $0 == "\n" }
        }
        return Element(name: String(name), attributes: attributes)
    }
}
