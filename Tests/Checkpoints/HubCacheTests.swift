import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite struct HubCacheTests {
    @Test func `a snapshot is found by branch and by commit, under each of the cache's names`() throws {
        let files = try DamagedFiles()
        for root in ["cache", "home/hub", "xdg/huggingface/hub"] {
            let model = files.path(root + "/models--org--name")
            for folder in ["/refs/pr", "/snapshots/abc123"] {
                try FileManager.default.createDirectory(atPath: model + folder, withIntermediateDirectories: true)
            }
            for reference in ["/refs/main", "/refs/pr/1"] {
                try Data("abc123\n".utf8).write(to: URL(fileURLWithPath: model + reference))
            }
        }
        let environments = [
            ["HF_HUB_CACHE": "cache", "HF_HOME": "elsewhere"], ["HF_HOME": "home", "XDG_CACHE_HOME": "elsewhere"],
            ["XDG_CACHE_HOME": "xdg"],
        ]
        for (environment, root) in zip(environments, ["cache", "home/hub", "xdg/huggingface/hub"]) {
            for revision in ["main", "abc123", "pr/1"] {
                let found = try HubCache.snapshot(
                    of: "org/name", revision: revision, environment: environment.mapValues { files.path($0) })
                #expect(found == files.path(root + "/models--org--name/snapshots/abc123"))
            }
        }
    }

    @Test func `a model that is not there says where it was looked for and how to get it`() throws {
        let files = try DamagedFiles()
        files.expect(
            "hf:org/name: is not in the Hub cache (looked for revision 'v2' under models--org--name); "
                + "fetch it with: hf download org/name --revision v2"
        ) {
            try HubCache.snapshot(of: "org/name", revision: "v2", environment: ["HF_HUB_CACHE": files.folder])
        }
        files.expect(
            "hf:org/name: is not in the Hub cache (looked for revision 'main' under models--org--name); "
                + "fetch it with: hf download org/name"
        ) { try HubCache.snapshot(of: "org/name", environment: ["HF_HUB_CACHE": files.folder]) }
    }

    @Test(arguments: ["name", "a/b/c", "/name", "org/", "../etc", "org/..", "org/na me", "org/\u{301}x"])
    func `what is no Hub name is refused`(_ name: String) throws {
        try DamagedFiles().expect("hf:\(name): is not of the form hf:organisation/name") {
            try HubCache.snapshot(of: name, environment: [:])
        }
    }

    @Test(arguments: ["", "..", "a/../../..", "/etc", "main/"])
    func `a revision leads nowhere outside the cache`(_ revision: String) throws {
        try DamagedFiles().expect(
            "hf:org/name: has no revision '\(revision)': expected a branch, a tag or a commit"
        ) { try HubCache.snapshot(of: "org/name", revision: revision, environment: [:]) }
    }
}
