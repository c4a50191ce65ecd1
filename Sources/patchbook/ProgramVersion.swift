import CBuild
import Commands
import Markdown
import Notebooks
import Store

/// What `patchbook --version` says: release, commit, and the libraries that results and pages depend on.
enum ProgramVersion {
    static var text: String {
        let commit = String(cString: pb_build_commit())
        return """
            \(Version.patchbook) (\(commit.isEmpty ? "built from a checkout" : "commit \(commit)"), engine \(Version.engine))
            \(Catalogue.standard.arithmetic), \(MarkdownLibrary.name), \(Store.library)
            """
    }
}
