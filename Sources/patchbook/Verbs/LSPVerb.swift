import ArgumentParser
import Commands
import Foundation
import LanguageServer
import Notebooks
import Store

/// `patchbook lsp`: the language server that editors start.
struct LSPVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lsp",
        abstract: "Helps editors with notebooks, by the Language Server Protocol on its input and output.",
        discussion: """
            Your editor starts it. It shows problems while you type, completes and explains names, finds and renames them, and offers \
            corrections. It runs no block; values are those of the last run.
            """)

    @OptionGroup var options: NotebookOptions
    @OptionGroup var storeOptions: StoreOptions

    func run() throws {
        // Whatever is printed in passing goes to standard error: the output carries nothing but the protocol.
        let output = dup(STDOUT_FILENO)
        dup2(STDERR_FILENO, STDOUT_FILENO)
        let stores = LastStores(storeOptions)
        var server = LanguageServer(
            LanguageServer.Sources(session: { options.unread($0) }, store: stores.store(of:)), catalogue: .standard)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while server.ending == nil {
            if !isInputWaiting, let diagnostics = server.nextDiagnostics() {
                guard Descriptor.write(diagnostics, to: output) else { throw Ending.failed }
                continue
            }
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            // An editor that is gone says no more.
            guard count > 0, Descriptor.write(server.answers(to: Array(buffer[..<count])), to: output) else {
                throw Ending.failed
            }
        }
        if server.ending == .unclean { throw Ending.failed }
    }

    private var isInputWaiting: Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, 0) > 0
    }
}

/// The stores of projects that have one already.
private final class LastStores {
    private let options: StoreOptions
    private var byFolder: [String: Store] = [:]

    init(_ options: StoreOptions) { self.options = options }

    func store(of project: Project) -> (any ResultKeeping)? {
        let folder = options.folder(of: project)
        if let known = byFolder[folder] { return known }
        guard FileManager.default.fileExists(atPath: folder + "/store.sqlite") else { return nil }
        let store = try? options.open(for: project, access: .reading)
        byFolder[folder] = store
        return store
    }
}
