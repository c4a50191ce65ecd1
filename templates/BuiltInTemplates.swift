/// The templates that Patchbook ships, held in the binary so that it renders wherever it is copied.
public enum BuiltInTemplates {
    /// One file with its text.
    public struct File: Sendable, Equatable {
        /// The name that a file of the same role has in a project's own folder: `page.mustache`.
        public let name: String
        /// What stands in it.
        public let text: String
    }

    /// The page of a report and of an index.
    public static let page = File(
        name: "page.mustache", text: String(decoding: PackageResources.page_mustache, as: UTF8.self))
    /// The style sheet of every page.
    public static let theme = File(
        name: "theme.css", text: String(decoding: PackageResources.theme_css, as: UTF8.self))
}
