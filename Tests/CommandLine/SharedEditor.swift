import Foundation
import JSON
import TestSupport

/// One editor for many notebooks, each in a folder of its own with the embedded models and pairs: starting the program and copying the
/// models takes longer than most of what is asked. Suites that share one are serialized.
final class SharedEditor {
    private let program: Program
    let client: EditorClient
    var folder: String { program.folder }

    init(_ arguments: [String] = [], encoding: String) throws {
        program = try Program()
        client = try EditorClient.started(in: program.folder, arguments, encoding: encoding)
    }

    /// Writes the files of a notebook's folder.
    /// - Returns: the notebook's name in the editor's project.
    func place(_ name: String, _ files: [String: String]) throws -> String {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        for shared in ["models", "data"] {
            try FileManager.default.linkItem(atPath: "\(folder)/\(shared)", toPath: "\(folder)/\(name)/\(shared)")
        }
        for (file, text) in files { try program.write("\(name)/\(file)", text) }
        return "\(name)/x.md"
    }
}
