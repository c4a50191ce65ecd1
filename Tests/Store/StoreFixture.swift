import Foundation
import Notebooks
import Store
import TestSupport

/// A project in a folder of its own, with its store and notebooks of `{mix}` blocks.
struct StoreFixture {
    let folder: String

    init() throws { folder = try Fixtures.temporaryFolder() }

    var storeFolder: String { folder + "/.patchbook" }

    func store(patience: TimeInterval = 10, pageLimit: Int? = nil) throws -> Store {
        try Store(folder: storeFolder, patience: patience, pageLimit: pageLimit)
    }

    /// A notebook of the project.
    func notebook(_ text: String) -> SampleNotebook {
        var sample = SampleNotebook(text, catalogue: Catalogue([MixCommand.self]))
        sample.project = Project(notebookFolder: folder, root: folder)
        return sample
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func read(_ name: String) throws -> [UInt8] { try Fixtures.bytes(storeFolder + "/" + name) }
}
