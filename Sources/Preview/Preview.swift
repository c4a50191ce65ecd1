import Foundation

/// A server on this machine that shows notebooks as their pages, and follows their files.
public struct Preview: Sendable {
    private let workspace: Workspace
    private let server: PreviewServer
    private let token: String

    /// - Parameter port: 0 for any that is free.
    /// - Throws: what keeps the server from being made.
    public init(_ sources: PreviewSources, port: UInt16) throws {
        workspace = Workspace(sources)
        token = PreviewServer.secret(bytes: 16)
        server = try PreviewServer(port: port, token: token, workspace: workspace)
    }

    /// Serves until the task is cancelled.
    /// - Parameter ready: receives the address to open.
    /// - Throws: ``PreviewError`` where the port is taken.
    public func run(ready: @escaping @Sendable (_ address: String) -> Void) async throws {
        await workspace.open()
        do {
            try await server.run { [token] port in ready("http://127.0.0.1:\(port)/?token=\(token)") }
        } catch {
            throw PreviewError(reason: error.localizedDescription)
        }
    }

    /// Lets every block run that waits to be started.
    public func startAll() async { await workspace.startAll() }
}

/// Why a preview ended.
public struct PreviewError: Error, Sendable, CustomStringConvertible {
    let reason: String

    /// The error as a sentence.
    public var description: String { "the preview cannot be served: \(reason)" }
}
