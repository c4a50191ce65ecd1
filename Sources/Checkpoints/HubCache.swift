import Foundation

/// The Hugging Face Hub's cache on this machine; Patchbook reads it and never the network.
public enum HubCache {
    /// The snapshot folder of a model at a revision (a branch, tag or commit; `main` by default).
    /// - Parameters:
    ///   - model: `organisation/name`, or `organisation/name@revision`.
    ///   - environment: where `HF_HUB_CACHE` and its kin are looked up.
    /// - Throws: ``CheckpointError`` saying where it looked and how to fetch the model.
    public static func snapshot(
        of model: String, revision: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CheckpointError) -> String {
        let repository = try HubRepository(model: model, revision: revision)
        let folder = folder(of: repository, environment)
        let snapshot = snapshot(repository.revision, in: folder)
        guard FileManager.default.fileExists(atPath: snapshot) else {
            throw CheckpointError(
                file: "hf:\(model)",
                problem:
                    "the Hub cache does not hold it (looked for revision '\(repository.revision)' under \(folder)); "
                    + "fetch it with: \(repository.command())")
        }
        return snapshot
    }

    /// The file that `hf:datasets/organisation/name/file.jsonl` names; a revision may follow the name: `name@revision/file.jsonl`.
    /// - Throws: ``CheckpointError`` saying where it looked and how to fetch the file.
    public static func dataFile(
        _ reference: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CheckpointError) -> String {
        let (repository, file) = try HubRepository.dataFile(reference)
        let folder = folder(of: repository, environment)
        let path = snapshot(repository.revision, in: folder) + "/" + file
        guard FileManager.default.fileExists(atPath: path) else {
            throw CheckpointError(
                file: reference,
                problem:
                    "the Hub cache does not hold it (looked for revision '\(repository.revision)' under \(folder)); "
                    + "fetch it with: \(repository.command(file))")
        }
        return path
    }

    /// How to fetch the files that are missing from a folder of the cache, or the whole model; `nil` for another folder.
    static func command(fetching files: [String], into folder: String) -> String? {
        let parts = folder.split(separator: "/")
        guard let place = parts.lastIndex(of: "snapshots"), place > 0, place + 1 < parts.count else { return nil }
        let names = parts[place - 1].split(separator: "--", omittingEmptySubsequences: false)
        guard names.count > 1, names[0] == "models" else { return nil }
        return
            (["hf download", names.dropFirst().joined(separator: "/")] + files + [
                "--revision", String(parts[place + 1]),
            ])
            .joined(separator: " ")
    }

    private static func snapshot(_ revision: String, in folder: String) -> String {
        let commit = try? String(contentsOfFile: folder + "/refs/" + revision, encoding: .utf8)
        return folder + "/snapshots/" + (commit?.trimmingCharacters(in: .whitespacesAndNewlines) ?? revision)
    }

    private static func folder(of repository: HubRepository, _ environment: [String: String]) -> String {
        root(environment) + "/" + ([repository.kind.rawValue] + repository.names).joined(separator: "--")
    }

    /// The cache's folder, as huggingface_hub finds it: `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`, `hub` in `HF_HOME`,
    /// `huggingface/hub` in `XDG_CACHE_HOME`, and then in `~/.cache`.
    private static func root(_ environment: [String: String]) -> String {
        let home = environment["HOME"] ?? NSHomeDirectory()
        func expanded(_ path: String) -> String {
            let whole = path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
            return expandingVariables(in: whole, environment)
        }
        if let cache = environment["HF_HUB_CACHE"] ?? environment["HUGGINGFACE_HUB_CACHE"] { return expanded(cache) }
        let caches = environment["XDG_CACHE_HOME"] ?? home + "/.cache"
        return expanded(environment["HF_HOME"] ?? caches + "/huggingface") + "/hub"
    }

    /// Puts in the values of `$NAME` and `${NAME}`; what is not set stays as it is, as in Python's `expandvars`.
    private static func expandingVariables(in path: String, _ environment: [String: String]) -> String {
        path.replacing(/\$(?:\{([^}]*)\}|([A-Za-z0-9_]+))/) { match in
            (match.output.1 ?? match.output.2).flatMap { environment[String($0)] } ?? String(match.output.0)
        }
    }
}

/// A model or a data set on the Hub, at a revision.
struct HubRepository {
    enum Kind: String { case models, datasets }

    let kind: Kind
    /// Organisation and name; the oldest models have no organisation.
    let names: [String]
    let revision: String

    /// - Parameter revision: as a notebook gives it beside the model; the model's own, after `@`, must not contradict it.
    init(model: String, revision: String?) throws(CheckpointError) {
        let parts = model.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if let revision, parts.count == 2, parts[1] != revision {
            throw CheckpointError(
                file: "hf:\(model)", problem: "has the revision '\(parts[1])', but '\(revision)' is given beside it")
        }
        let names = parts.first?.hubNames ?? []
        guard (1...2).contains(names.count), names.allSatisfy(\.isPlainHubName) else {
            throw CheckpointError(file: "hf:\(model)", problem: "is not of the form hf:organisation/name")
        }
        try self.init(.models, names, revision ?? (parts.count == 2 ? parts[1] : nil), file: "hf:\(model)")
    }

    private init(_ kind: Kind, _ names: [String], _ revision: String?, file: String) throws(CheckpointError) {
        let revision = revision ?? "main"
        guard revision.hubNames.allSatisfy(\.isPlainHubName) else {
            throw CheckpointError(
                file: file, problem: "has no revision '\(revision)': expected a branch, a tag or a commit")
        }
        self.kind = kind
        self.names = names
        self.revision = revision
    }

    static func dataFile(_ reference: String) throws(CheckpointError) -> (HubRepository, file: String) {
        let parts = reference.hubNames
        let name = parts.count > 2 ? parts[2] : ""
        let named = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = (parts.count > 1 ? [parts[1]] : []) + named.prefix(1)
        guard parts.count > 3, parts[0] == "hf:datasets", (names + parts[3...]).allSatisfy(\.isPlainHubName) else {
            throw CheckpointError(
                file: reference, problem: "is not of the form hf:datasets/organisation/name/file.jsonl")
        }
        let repository = try HubRepository(.datasets, names, named.count == 2 ? named[1] : nil, file: reference)
        return (repository, parts[3...].joined(separator: "/"))
    }

    /// What fetches the repository, or one file of it.
    func command(_ file: String? = nil) -> String {
        "hf download " + names.joined(separator: "/") + (file.map { " " + $0 } ?? "")
            + (kind == .datasets ? " --repo-type dataset" : "") + (revision == "main" ? "" : " --revision \(revision)")
    }
}

extension String {
    /// The parts between slashes; by bytes, since a slash with a combining mark after it is another `Character`.
    fileprivate var hubNames: [String] {
        utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a part of a name leads nowhere but into the cache: letters, digits, `-`, `_` and `.`, not first a `.`.
    fileprivate var isPlainHubName: Bool {
        let marks = Array("-_.".utf8)
        return utf8.first.map { $0 != UInt8(ascii: ".") } ?? false
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: marks.contains(byte)
                }
            }
    }
}
