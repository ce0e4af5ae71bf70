import Cryptography
import Foundation

/// What stands around the pages: head with the rule that nothing may be fetched, navigation, and the end with the
/// script.
struct ReportFrame {
    /// For instance `evaluation report`.
    let kind: String
    let title: String
    /// The pages' ids and titles.
    let entries: [(String, String)]
    /// What the file holds of patients.
    let contents: String

    init(kind: String, title: String, entries: [(String, String)], contents: String) {
        (self.kind, self.title, self.entries, self.contents) = (kind, title, entries, contents)
    }

    init(content: ReportContent) {
        self.init(
            kind: "evaluation report", title: content.report.title,
            entries: [
                ("overview", "Overview"), ("tables", "Tables"), ("distributions", "Distributions"),
                ("confusion", "Confusion"),
            ]
                + (content.comparisons.isEmpty ? [] : [("comparison", "Comparison")]) + [
                    ("cases", "Cases"), ("definitions", "Definitions"),
                ], contents: "nothing of patients but image slices and surfaces")
    }

    /// Everything before the first page.
    func opening() throws -> HTML {
        let links = entries.html { "<li><a href=\"#\($0.0)\">\($0.1)</a></li>" }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="\(try policy())"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="referrer" content="no-referrer"/>
            <meta name="generator" content="Columna"/>
            <title>\(title)</title>
            <style>\(HTML(trusted: ReportAssets.style))</style>
            <script>\(HTML(trusted: ReportAssets.earlyScript))</script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header><p class="brand">Columna · \(kind)</p><h1>\(title)</h1>\
            <nav aria-label="Report"><ul>\(links)</ul></nav></header>
            <main id="main" tabindex="-1">

            """
    }

    /// Everything after the last page.
    var closing: HTML {
        """
        </main>
        <footer><p>Research software, no medical device. Cases are pseudonyms; this file holds \(contents), and \
        fetches nothing.</p></footer>
        <script>\(HTML(trusted: ReportAssets.script))</script>
        </body>
        </html>

        """
    }

    /// No network at all, and no scripts or style but those of this file, named by their digests: should a name ever
    /// get through as markup, it still would not run.
    private func policy() throws -> String {
        func digest(_ text: String) throws -> String {
            "'sha256-" + Data(try SHA256.digest(of: Array(text.utf8))).base64EncodedString() + "'"
        }
        return
            "default-src 'none'; img-src data:; script-src \(try digest(ReportAssets.earlyScript)) \(try digest(ReportAssets.script)); style-src \(try digest(ReportAssets.style)); "
            + "base-uri 'none'; form-action 'none'"
    }
}
