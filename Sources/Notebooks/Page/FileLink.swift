import Foundation

/// A link to a file: its path, and what stands after it.
public struct FileLink: Sendable, Equatable {
    /// The path, percent-decoded.
    public let path: String
    /// The query and the fragment, as written: `#results`.
    public let suffix: String

    /// A relative destination, as Markdown has it.
    public init(_ destination: String) {
        let end = destination.firstIndex { $0 == "#" || $0 == "?" } ?? destination.endIndex
        let written = String(destination[..<end])
        path = written.removingPercentEncoding ?? written
        suffix = String(destination[end...])
    }
}
