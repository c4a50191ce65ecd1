import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite struct HubCacheTests {
    /// Where the cache is under each setting, with `HOME` at the test's own folder.
    @Test(arguments: [
        (["HF_HUB_CACHE": "/cache", "HF_HOME": "/elsewhere", "HUGGINGFACE_HUB_CACHE": "/elsewhere"], "cache"),
        (["HUGGINGFACE_HUB_CACHE": "/cache", "HF_HOME": "/elsewhere"], "cache"),
        (["HF_HOME": "/home", "XDG_CACHE_HOME": "/elsewhere"], "home/hub"),
        (["XDG_CACHE_HOME": "/xdg"], "xdg/huggingface/hub"), ([:], ".cache/huggingface/hub"),
    ])
    func `a snapshot is found by branch and by commit, under each of the cache's names`(
        _ settings: [String: String], _ root: String
    ) throws {
        let files = try DamagedFiles()
        try Self.snapshot(files, root + "/models--org--name")
        for home in ["~", "$HOME", "${HOME}", files.folder] {
            let environment = settings.mapValues { home + $0 }.merging(["HOME": files.folder]) { $1 }
            for revision in [nil, "main", "abc123", "pr/1"] {
                let found = try HubCache.snapshot(of: "org/name", revision: revision, environment: environment)
                #expect(found == files.path(root + "/models--org--name/snapshots/abc123"))
                let name = "org/name" + (revision.map { "@" + $0 } ?? "")
                #expect(try HubCache.snapshot(of: name, environment: environment) == found)
            }
        }
    }

    @Test func `what is not set stays as it is, and the oldest models have no organisation`() throws {
        let files = try DamagedFiles()
        try Self.snapshot(files, "$NOT_SET/models--gpt2")
        let found = try HubCache.snapshot(of: "gpt2", environment: ["HF_HUB_CACHE": files.folder + "/$NOT_SET"])
        #expect(found == files.path("$NOT_SET/models--gpt2/snapshots/abc123"))
    }

    @Test func `a data set's file is found, at a revision too`() throws {
        let files = try DamagedFiles()
        try Self.snapshot(files, "datasets--org--name")
        let environment = ["HF_HUB_CACHE": files.folder]
        let expected = files.path("datasets--org--name/snapshots/abc123/data/a.jsonl")
        try FileManager.default.createDirectory(
            atPath: files.path("datasets--org--name/snapshots/abc123/data"), withIntermediateDirectories: true)
        try files.write("datasets--org--name/snapshots/abc123/data/a.jsonl", [])
        for reference in ["hf:datasets/org/name/data/a.jsonl", "hf:datasets/org/name@abc123/data/a.jsonl"] {
            #expect(try HubCache.dataFile(reference, environment: environment) == expected)
        }
        files.expect(
            "hf:datasets/org/name@v2/b.jsonl: the Hub cache does not hold it "
                + "(looked for revision 'v2' under datasets--org--name); "
                + "fetch it with: hf download org/name b.jsonl --repo-type dataset --revision v2"
        ) { try HubCache.dataFile("hf:datasets/org/name@v2/b.jsonl", environment: environment) }
    }

    @Test func `a model that is not there says where it was looked for and how to get it`() throws {
        let files = try DamagedFiles()
        let environment = ["HF_HUB_CACHE": files.folder]
        for (name, revision) in [("org/name", "v2"), ("org/name@v2", nil), ("org/name@v2", "v2")] {
            files.expect(
                "hf:\(name): the Hub cache does not hold it (looked for revision 'v2' under models--org--name); "
                    + "fetch it with: hf download org/name --revision v2"
            ) { try HubCache.snapshot(of: name, revision: revision, environment: environment) }
        }
        files.expect(
            "hf:org/name: the Hub cache does not hold it (looked for revision 'main' under models--org--name); "
                + "fetch it with: hf download org/name"
        ) { try HubCache.snapshot(of: "org/name", environment: environment) }
        files.expect("hf:org/name@v2: has the revision 'v2', but 'v3' is given beside it") {
            try HubCache.snapshot(of: "org/name@v2", revision: "v3", environment: environment)
        }
    }

    @Test func `a file that a snapshot lacks says how to get it`() throws {
        let files = try DamagedFiles()
        try Self.snapshot(files, "models--org--name")
        let snapshot = "models--org--name/snapshots/abc123"
        files.expect(
            "\(snapshot): the folder holds no config.json; fetch the model with: hf download org/name --revision abc123"
        ) { try Checkpoint(path: files.path(snapshot)) }
        try files.write(snapshot + "/config.json", Array("{}".utf8))
        let index = #"{"weight_map":{"w":"model-00001-of-00002.safetensors"}}"#
        try files.write(snapshot + "/model.safetensors.index.json", Array(index.utf8))
        files.expect(
            "\(snapshot)/model-00001-of-00002.safetensors is missing; model.safetensors.index.json names it; "
                + "fetch it with: hf download org/name model-00001-of-00002.safetensors --revision abc123"
        ) { try Checkpoint(path: files.path(snapshot)) }
    }

    @Test(arguments: ["a/b/c", "/name", "org/", "../etc", "org/..", "org/na me", "org/\u{301}x", "", "@main"])
    func `what is not a Hub name is refused`(_ name: String) throws {
        try DamagedFiles().expect("hf:\(name) is not of the form hf:organisation/name") {
            try HubCache.snapshot(of: name, environment: [:])
        }
    }

    @Test(arguments: [
        "hf:datasets/org/name", "hf:datasets/org/../x/a.jsonl", "hf:datasets/org/name/../a", "hf:org/name/a.jsonl",
        "hf:datasets/org/name/", "hf:datasets",
    ])
    func `what is not a data set's file is refused`(_ reference: String) throws {
        try DamagedFiles().expect("\(reference) is not of the form hf:datasets/organisation/name/file.jsonl") {
            try HubCache.dataFile(reference, environment: [:])
        }
    }

    @Test(arguments: ["", "..", "a/../../..", "/etc", "main/"])
    func `a revision leads nowhere outside the cache`(_ revision: String) throws {
        try DamagedFiles().expect(
            "hf:org/name: has no revision '\(revision)': expected a branch, a tag or a commit"
        ) { try HubCache.snapshot(of: "org/name", revision: revision, environment: [:]) }
    }

    /// A repository's folder in the cache, whose branches lead to the commit `abc123`.
    private static func snapshot(_ files: DamagedFiles, _ folder: String) throws {
        for part in ["/refs/pr", "/snapshots/abc123"] {
            try FileManager.default.createDirectory(
                atPath: files.path(folder) + part, withIntermediateDirectories: true)
        }
        for reference in ["/refs/main", "/refs/pr/1"] {
            try Data("abc123\n".utf8).write(to: URL(fileURLWithPath: files.path(folder) + reference))
        }
    }
}
