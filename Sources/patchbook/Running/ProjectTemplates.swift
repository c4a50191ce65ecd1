import Foundation
import Notebooks
import Reports

extension PageTemplates {
    /// Ours, with those that a project's own `templates` folder replaces.
    init(of project: Project) throws(TemplateError) {
        let folder = project.root + "/templates"
        try self.init(overriddenBy: FileManager.default.fileExists(atPath: folder) ? folder : nil)
    }
}
