import Foundation

/// The Hugging Face Hub's cache on this machine; Patchbook reads it and never the network.
public enum HubCache {
    /// The snapshot folder of `organisation/name` at a revision (a branch, tag or commit; `main` by default).
    /// - Throws: ``CheckpointError`` saying where it looked and how to fetch the model.
    public static func snapshot(of model: String, revision: String = "main") throws(CheckpointError) -> String {
        let parts = model.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }), !revision.hasPrefix(".") else {
            throw CheckpointError(file: "hf:\(model)", problem: "is not of the form hf:organisation/name")
        }
        let folder = root() + "/models--\(parts[0])--\(parts[1])"
        let reference = folder + "/refs/" + revision
        let commit =
            (try? String(contentsOfFile: reference, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? revision
        let snapshot = folder + "/snapshots/" + commit
        guard FileManager.default.fileExists(atPath: snapshot) else {
            throw CheckpointError(
                file: "hf:\(model)",
                problem: "is not in the Hub cache (looked for revision '\(revision)' under \(folder)); "
                    + "fetch it with: hf download \(model)")
        }
        return snapshot
    }

    /// `HF_HUB_CACHE`, else `HF_HOME/hub`, else `~/.cache/huggingface/hub`, as the Hub's own client has it.
    private static func root() -> String {
        let environment = ProcessInfo.processInfo.environment
        if let cache = environment["HF_HUB_CACHE"] { return cache }
        if let home = environment["HF_HOME"] { return home + "/hub" }
        return NSHomeDirectory() + "/.cache/huggingface/hub"
    }
}
