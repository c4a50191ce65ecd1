/// A file of a project that cannot be read.
public struct ProjectFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The error as a sentence.
    public let description: String
}

extension Project {
    /// The bytes of a regular file, by the path that a notebook says.
    /// - Throws: an error that names the file, or says where its path leads.
    public func bytes(ofFile path: String, atMost limit: Int) throws(ProjectFileError) -> [UInt8] {
        let file: String
        do {
            file = try resolve(path)
        } catch {
            throw ProjectFileError(description: error.description)
        }
        guard let bytes = RegularFile.bytes(file, atMost: limit) else {
            throw ProjectFileError(description: RegularFile.problem(file, named: path, atMost: limit))
        }
        return bytes
    }
}
