/// Style sheet and scripts of the report, from the files of `Assets`, which the build embeds in the program: one page
/// at a time, lists that choose, surfaces that turn. Plain JavaScript and WebGL 1; without either, everything is on the
/// page already.
enum ReportAssets {
    /// Light and dark, the colours of the scale, and for paper.
    static let style = [text(PackageResources.screen_css), ColourScale.style, text(PackageResources.print_css)]
        .joined(separator: "\n")

    /// Runs before the body is read, so that a browser does not lay out pages that are not shown at first.
    static let earlyScript = text(PackageResources.early_js)

    /// Pages follow the address's hash and a list shows the block of its group with its value; then the surfaces.
    static let script = [text(PackageResources.paging_js), text(PackageResources.viewer_js)]
        .map { $0 + "\n" }.joined()

    /// A file without its last line feed.
    private static func text(_ file: [UInt8]) -> String {
        String(decoding: file.last == UInt8(ascii: "\n") ? file.dropLast() : file[...], as: UTF8.self)
    }
}
