import ArgumentParser
import Foundation
import Notebooks
import Store

/// Where results are kept.
struct StoreOptions: ParsableArguments {
    @ArgumentParser.Option(
        name: .customLong("store"),
        help: ArgumentHelp(
            "The folder that results are kept in; without it, .patchbook in the project's folder.", valueName: "folder")
    )
    var folder: String?

    @Flag(name: .customLong("no-store"), help: "Keeps no results and uses none.")
    var isOff = false

    func validate() throws {
        if isOff, folder != nil { throw ValidationError("--no-store and --store cannot go together") }
    }

    /// The folder of a project's store.
    func folder(of project: Project) -> String { folder ?? project.root + "/.patchbook" }

    /// - Throws: `StoreError` where the folder does not exist: no render would find a store that is made there.
    static func checkFolder(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw StoreError(.folder, path: path, problem: "does not exist")
        }
    }

    /// Opens the store of a project; nil with `--no-store`.
    /// - Throws: `StoreError`.
    func open(for project: Project, access: Store.Access = .writing) throws -> Store? {
        if isOff { return nil }
        return try Store(folder: folder(of: project), access: access) {
            Terminal.say("patchbook: \($0)")
        }
    }
}

/// The stores of a run, each opened once.
final class OpenStores {
    private let options: StoreOptions
    private let access: Store.Access
    private let interruption: Interruption
    private var byRoot: [String: Store] = [:]

    init(_ options: StoreOptions, access: Store.Access, interruption: Interruption) {
        self.options = options
        self.access = access
        self.interruption = interruption
    }

    /// The store of a project; nil with `--no-store`.
    /// - Throws: `StoreError`.
    func store(of project: Project) throws -> Store? {
        if let known = byRoot[project.root] { return known }
        let store = try options.open(for: project, access: access)
        byRoot[project.root] = store
        if let store { interruption.watch(store) }
        return store
    }

    func close() {
        for store in byRoot.values { store.close() }
    }
}
