import Checkpoints
import Foundation
import Notebooks

/// Where pairs are, as a notebook says it: a file of the project, or `hf:datasets/organisation/name/file` in the Hub's cache.
struct PairsSource: Sendable {
    let path: String

    /// The file's absolute path.
    /// - Throws: `PathError` for a path outside the project, `CheckpointError` for a file that the cache does not hold.
    func file(in project: Project) throws -> String {
        Project.isOnHub(path) ? try HubCache.dataFile(path) : try project.resolve(path)
    }

    /// What is missing, found without reading.
    func problem(in project: Project) -> MissingFile? {
        guard Project.isOnHub(path) else { return project.problem(with: path, as: .file) }
        do {
            _ = try HubCache.dataFile(path)
            return nil
        } catch {
            return MissingFile(sentence: "\(error)")
        }
    }
}
