import Foundation

/// The Hugging Face Hub's cache on this machine; Patchbook reads it and never the network.
public enum HubCache {
    /// The snapshot folder of `organisation/name` at a revision (a branch, tag or commit; `main` by default).
    /// - Parameter environment: where `HF_HUB_CACHE` and its kin are looked up.
    /// - Throws: ``CheckpointError`` saying where it looked and how to fetch the model.
    public static func snapshot(
        of model: String, revision: String = "main",
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CheckpointError) -> String {
        let parts = names(in: model)
        guard parts.count == 2, parts.allSatisfy(isPlain) else {
            throw CheckpointError(file: "hf:\(model)", problem: "is not of the form hf:organisation/name")
        }
        guard names(in: revision).allSatisfy(isPlain) else {
            throw CheckpointError(
                file: "hf:\(model)", problem: "has no revision '\(revision)': expected a branch, a tag or a commit")
        }
        let folder = root(environment) + "/models--" + parts.map { String(Substring($0)) }.joined(separator: "--")
        let reference = folder + "/refs/" + revision
        let commit =
            (try? String(contentsOfFile: reference, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? revision
        let snapshot = folder + "/snapshots/" + commit
        guard FileManager.default.fileExists(atPath: snapshot) else {
            throw CheckpointError(
                file: "hf:\(model)",
                problem: "is not in the Hub cache (looked for revision '\(revision)' under \(folder)); "
                    + "fetch it with: hf download \(model)" + (revision == "main" ? "" : " --revision \(revision)"))
        }
        return snapshot
    }

    private static func names(in path: String) -> [Substring.UTF8View] {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    }

    /// Whether a part of a name leads nowhere but into the cache: letters, digits, `-`, `_` and `.`, not first a `.`.
    private static func isPlain(_ name: Substring.UTF8View) -> Bool {
        let marks = Array("-_.".utf8)
        return name.first.map { $0 != UInt8(ascii: ".") } ?? false
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: marks.contains(byte)
                }
            }
    }

    /// `HF_HUB_CACHE`, else `HF_HOME/hub`, else `~/.cache/huggingface/hub`, as the Hub's own client has it.
    private static func root(_ environment: [String: String]) -> String {
        if let cache = environment["HF_HUB_CACHE"] { return cache }
        if let home = environment["HF_HOME"] { return home + "/hub" }
        if let caches = environment["XDG_CACHE_HOME"] { return caches + "/huggingface/hub" }
        return NSHomeDirectory() + "/.cache/huggingface/hub"
    }
}
