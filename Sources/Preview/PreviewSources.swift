import Markdown
import Notebooks
import Reports

/// What a preview shows, and how it reads it.
public struct PreviewSources: Sendable {
    /// The notebooks asked for, looked up again when their folder changes.
    public var list: @Sendable () -> [Result<String, Diagnostic>]
    /// Folders whose files may be new notebooks.
    public var folders: Set<String>
    /// A session that has read a notebook.
    public var open: @Sendable (_ path: String) throws(Diagnostics) -> Session
    /// Where a project's results are kept.
    public var store: @Sendable (Project) throws -> (any ResultKeeping)?
    /// A project's templates.
    public var templates: @Sendable (Project) throws -> PageTemplates
    /// What a run may use of the machine.
    public var resources: Resources
    /// Operations per second that this machine does of those that forecasts count.
    public var speed: @Sendable () -> Double
    /// Told of what happens, a line at a time.
    public var say: @Sendable (String) -> Void

    /// The sources of a preview.
    public init(
        list: @escaping @Sendable () -> [Result<String, Diagnostic>], folders: Set<String>,
        open: @escaping @Sendable (_ path: String) throws(Diagnostics) -> Session,
        store: @escaping @Sendable (Project) throws -> (any ResultKeeping)?,
        templates: @escaping @Sendable (Project) throws -> PageTemplates, resources: Resources,
        speed: @escaping @Sendable () -> Double, say: @escaping @Sendable (String) -> Void
    ) {
        self.list = list
        self.folders = folders
        self.open = open
        self.store = store
        self.templates = templates
        self.resources = resources
        self.speed = speed
        self.say = say
    }
}
