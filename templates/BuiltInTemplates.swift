/// The templates that Patchbook ships, held in the binary so that it renders wherever it is copied.
public enum BuiltInTemplates {
    /// One file with its text.
    public struct File: Sendable, Equatable {
        /// The name that a file of the same role has in a project's own folder: `page.mustache`.
        public let name: String
        /// What stands in it.
        public let text: String
    }

    /// The style sheet of every page.
    public static let theme = File(name: "theme.css", text: text(PackageResources.theme_css))

    /// The script of every page.
    public static let script = File(name: "page.js", text: text(PackageResources.page_js))

    /// The page of a report, the page of an index, and the parts that they are put together from.
    public static let all: [File] = [
        File(name: "page.mustache", text: text(PackageResources.page_mustache)),
        File(name: "head.mustache", text: text(PackageResources.head_mustache)),
        File(name: "contents.mustache", text: text(PackageResources.contents_mustache)),
        File(name: "block.mustache", text: text(PackageResources.block_mustache)),
        File(name: "figure.mustache", text: text(PackageResources.figure_mustache)),
        File(name: "grid.mustache", text: text(PackageResources.grid_mustache)),
        File(name: "front.mustache", text: text(PackageResources.front_mustache)),
        File(name: "controls.mustache", text: text(PackageResources.controls_mustache)),
        File(name: "claims.mustache", text: text(PackageResources.claims_mustache)),
        File(name: "checks.mustache", text: text(PackageResources.checks_mustache)),
        File(name: "digests.mustache", text: text(PackageResources.digests_mustache)),
        File(name: "table.mustache", text: text(PackageResources.table_mustache)),
        File(name: "footer.mustache", text: text(PackageResources.footer_mustache)),
        File(name: "index.mustache", text: text(PackageResources.index_mustache)),
        theme, script,
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
