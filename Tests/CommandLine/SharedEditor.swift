import Foundation
import JSON
import TestSupport

/// One editor for many notebooks, each in a folder of its own beside the repository's model and data: starting the program and copying
/// the model takes longer than most of what is asked. Suites that share one are serialized.
final class SharedEditor {
    let folder: String
    let client: EditorClient

    init(_ arguments: [String] = [], encoding: String) throws {
        folder = try Fixtures.temporaryFolder()
        client = try EditorClient.started(in: folder, arguments, encoding: encoding)
    }

    /// Writes the files of a notebook's folder.
    /// - Returns: the notebook's name in the editor's project.
    func place(_ name: String, _ files: [String: String]) throws -> String {
        let place = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for shared in ["models", "data"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(place)/\(shared)", withDestinationPath: "\(Fixtures.repository)/notebooks/\(shared)")
        }
        for (file, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(place)/\(file)")) }
        return "\(name)/x.md"
    }
}
