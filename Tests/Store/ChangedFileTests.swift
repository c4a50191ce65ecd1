import Foundation
import Markdown
import Notebooks
import Store
import Testing
import TestSupport
import Values

/// A file that changes while a notebook runs: what was computed of it is kept under no key.
@Suite struct ChangedFileTests {
    private let fixture: StoreFixture
    private let store: Store
    private static let notebook = "```{open}\nid: models\nfile: f.txt\n```\n```{long}\nid: walk\non: models\n```\n"

    init() throws {
        fixture = try StoreFixture()
        store = try fixture.store()
        try fixture.write("f.txt", "old")
    }

    private func session() -> Session {
        var sample = fixture.notebook(Self.notebook)
        sample.catalogue = Catalogue([OpenCommand.self, LongCommand.self], arithmetic: "BLAS")
        return sample.session
    }

    /// Runs the notebook and changes the file after a block, or after one of its units.
    private func problems(_ shard: Shard? = nil, changingAfter place: String) -> String {
        let fixture = fixture
        return session().run(keeping: store, shard: shard) { event in
            switch event {
            case .unit(_, place, false), .blockFinished(place, _, _): try? fixture.write("f.txt", "new")
            default: break
            }
        }.problems.description
    }

    @Test(arguments: ["models", "unit 1"])
    func `a block whose models change fails, and keeps neither result nor units`(_ place: String) throws {
        #expect(
            problems(changingAfter: place).contains("block 'walk': the file changed while the block ran; render again"))
        #expect(try store.entries().filter { $0.units > 0 }.isEmpty)
        try fixture.write("f.txt", "old")
        let again = session().run(keeping: store)
        #expect(again.value("walk.read") == .string("old old old"))
    }

    @Test func `a task whose models change deletes the parts that it wrote, and no others`() throws {
        let folder = fixture.folder + "/parts"
        let parts = PartFolder(folder, arithmetic: "BLAS")
        func names() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".part") }
                .map { ($0 as NSString).lastPathComponent }.sorted()
        }
        #expect(problems(Shard(3, of: 3, parts: parts), changingAfter: "none").isEmpty)
        #expect(try names() == ["unit-2.part"])
        let said = problems(Shard(1, of: 2, parts: parts), changingAfter: "unit 0")
        #expect(said.contains("the file changed while the block ran"))
        #expect(try names() == ["unit-2.part"])
    }
}

/// `{open}`: a handle on a file, as `{models}` is.
private struct OpenCommand: Command {
    static let name = "open"
    static let summary = "Opens a file."
    static let isHandle = true
    static let file = Option.path("file", help: "the file")
    static var options: [OptionDeclaration] { file }
    let file: String

    init(_ arguments: Arguments) throws(ArgumentError) { file = try arguments.value(Self.file) }

    func inputs(_ reader: InputReader) throws -> [Input] {
        [Input(name: "file", digest: try reader.digest(ofFiles: [reader.project.resolve(file)]))]
    }

    func run(_ bindings: Bindings) throws -> Outcome { Outcome() }
}

/// `{long}`: three units, each what the opened file holds.
private struct LongCommand: Command {
    static let name = "long"
    static let summary = "Reads an opened file again and again."
    static let on = Option<String>.block("on", of: ["open"], help: "the file")
    static var options: [OptionDeclaration] { on }
    static var outputs: Outputs { Outputs(values: ["read"]) }
    let worksInUnits = true
    let on: String

    init(_ arguments: Arguments) throws(ArgumentError) { on = try arguments.value(Self.on) }

    struct Left: UnitsMissing {
        let postponed = Postponed(units: 1, noun: "units", items: 1, operations: nil, bytes: nil)
    }

    func run(_ bindings: Bindings) throws -> Outcome {
        guard let open = bindings.command(on) as? OpenCommand else { throw Left() }
        let path = try bindings.project.resolve(open.file)
        var read: [String] = []
        for unit in ["unit 0", "unit 1", "unit 2"] {
            if let kept = try bindings.unit(unit, read: { String(decoding: $0, as: UTF8.self) }) {
                read.append(kept)
            } else if try bindings.takesNext(unit) {
                let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
                try bindings.keep(unit, bytes)
                read.append(String(decoding: bytes, as: UTF8.self))
            }
        }
        if bindings.shard != nil { throw Left() }
        var outcome = Outcome()
        outcome.set("read", .string(read.joined(separator: " ")))
        return outcome
    }
}
