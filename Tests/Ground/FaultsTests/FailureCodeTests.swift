import Foundation
import Testing

/// Operators list and replay by codes, and programs of hospitals read them: there is one way to spell one.
@Suite struct FailureCodeTests {
    /// Of `Shared` and `Services`, each with the name of its file.
    private static let lines: [(file: String, text: Substring)] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        return ["Shared", "Services"].flatMap { wing in
            let all = FileManager.default.enumerator(at: root.appending(path: wing), includingPropertiesForKeys: nil)
            let files = (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
            return files.flatMap { file in
                let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                return text.split(separator: "\n").map { (file.lastPathComponent, $0) }
            }
        }
    }()

    private func isKebabCase(_ code: Substring) -> Bool {
        code.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        }
    }

    /// A case without a value of its own is spelt like its name.
    @Test func everyCodeOfALibraryIsInKebabCase() {
        var (isInCodes, count) = (false, 0)
        for (file, line) in Self.lines {
            if line.contains(/enum \w*Code: String/) { isInCodes = true }
            if line == "    }" || line == "}" { isInCodes = false }
            let words = line.split { " \",=".contains($0) }
            // `case .missing: .file` is a choice among codes, no code.
            guard isInCodes, words.first == "case", let code = words.last, !code.hasPrefix(".") else { continue }
            count += 1
            #expect(isKebabCase(code), "\(file): \(line)")
        }
        #expect(count > 200)
    }

    @Test func everyCodeThatAJobGivesItselfIsInKebabCase() {
        var count = 0
        for (file, line) in Self.lines {
            for start in ["code: \"", "blamingInput(\"", "leavingToNewer(\""] {
                guard let range = line.firstRange(of: start) else { continue }
                let code = line[range.upperBound...].prefix { $0 != "\"" }
                guard !code.contains("\\") else { continue }
                count += 1
                #expect(isKebabCase(code), "\(file): \(line)")
            }
        }
        #expect(count > 50)
    }
}
