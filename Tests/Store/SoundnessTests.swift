import Foundation
import Notebooks
import Store
import Testing

/// Change one ingredient of one block's key, and just the blocks that depend on it run again; change none, and none does.
@Suite struct SoundnessTests {
    /// A notebook as data: block `b3` may read the tables of blocks before it, a file and a parameter.
    struct Draft {
        struct Block {
            var a = 0
            var mute = 0
            var colour = "red"
            var parents: [Int] = []
            var file: Int?
            var parameter: Int?
        }

        var blocks: [Block] = []
        var seed = 1
        var parameters = [0, 0]
        var prose = "Some prose."

        init(using generator: inout SystemLike) {
            for index in 0..<10 {
                var block = Block()
                // Blocks that ask the same of the same are one result; here each asks something of its own.
                block.a = index * 100 + Int(generator.next() % 5)
                if index > 0 {
                    let count = Int(generator.next() % 3)
                    block.parents = (0..<count).map { _ in Int(generator.next() % UInt64(index)) }
                }
                if generator.next() % 3 == 0 { block.file = Int(generator.next() % 2) }
                if generator.next() % 3 == 0 { block.parameter = Int(generator.next() % 2) }
                blocks.append(block)
            }
        }

        var text: String {
            var text = "---\nseed: \(seed)\nparams: {p0: \(parameters[0]), p1: \(parameters[1])}\n---\n\(prose)\n"
            for (index, block) in blocks.enumerated() {
                text += "\n```{mix}\nid: b\(index)\na: \(block.a)\nmute: \(block.mute)\ncolour: \(block.colour)\n"
                for (name, parent) in zip(["left", "right"], block.parents) { text += "\(name): b\(parent).out\n" }
                if let file = block.file { text += "file: f\(file).txt\n" }
                if let parameter = block.parameter { text += "parameter: p\(parameter)\n" }
                text += "```\n"
            }
            return text
        }

        /// The blocks whose results depend on these blocks' results, and these blocks.
        func dependents(of start: Set<Int>) -> Set<Int> {
            var found = start
            for (index, block) in blocks.enumerated() where block.parents.contains(where: found.contains) {
                found.insert(index)
            }
            return found
        }
    }

    /// xorshift64: the same drafts on every machine.
    struct SystemLike {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state >> 8
        }
    }

    private let fixture: StoreFixture
    private let store: Store

    init() throws {
        fixture = try StoreFixture()
        store = try fixture.store()
    }

    private func ran(_ draft: Draft) throws -> Set<Int> {
        Set(try fixture.notebook(draft.text).run(keeping: store).ran.compactMap { Int($0.dropFirst()) })
    }

    private func writeFiles(_ contents: [String]) throws {
        for (index, text) in contents.enumerated() { try fixture.write("f\(index).txt", text) }
    }

    @Test(arguments: 1...8)
    func `just the blocks that depend on a change run again`(_ number: UInt64) throws {
        var generator = SystemLike(state: number &* 0x9E37_79B9_7F4A_7C15)
        var draft = Draft(using: &generator)
        var contents = ["f0 \(number)", "f1 \(number)"]
        try writeFiles(contents)
        #expect(try ran(draft) == Set(draft.blocks.indices))
        #expect(try ran(draft).isEmpty)
        for step in 0..<10 {
            let block = Int(generator.next() % UInt64(draft.blocks.count))
            let expected: Set<Int>
            switch step {
            case 0, 1:
                draft.blocks[block].a += 10 + step
                expected = draft.dependents(of: [block])
            case 2:
                // The block's result stays what it was, so nothing that depends on it runs.
                draft.blocks[block].mute += 1
                expected = [block]
            case 3:
                draft.blocks[block].colour = "blue"
                draft.prose = "Other prose."
                expected = []
            case 4, 5:
                let file = step - 4
                contents[file] += "!"
                try writeFiles(contents)
                expected = draft.dependents(of: Set(draft.blocks.indices.filter { draft.blocks[$0].file == file }))
            case 6, 7:
                let parameter = step - 6
                draft.parameters[parameter] += 1
                expected = draft.dependents(
                    of: Set(draft.blocks.indices.filter { draft.blocks[$0].parameter == parameter }))
            case 8:
                draft.seed += 1
                expected = Set(draft.blocks.indices)
            default:
                // Files that are written again with the same bytes are the same files.
                try writeFiles(contents)
                expected = []
            }
            #expect(try ran(draft) == expected, "step \(step), block \(block)\n\(draft.text)")
        }
    }

    @Test func `what was kept before a change is there again after it is undone`() throws {
        var generator = SystemLike(state: 99)
        var draft = Draft(using: &generator)
        try writeFiles(["a", "b"])
        let before = draft
        _ = try ran(draft)
        draft.blocks[0].a += 1
        #expect(try !ran(draft).isEmpty)
        #expect(try ran(before).isEmpty)
    }

    @Test func `a new name for a block makes nothing stale`() throws {
        var generator = SystemLike(state: 7)
        let draft = Draft(using: &generator)
        try writeFiles(["a", "b"])
        _ = try ran(draft)
        let renamed = draft.text.replacing("id: b", with: "id: c").replacing(": b", with: ": c")
        #expect(try fixture.notebook(renamed.replacing("colour: clue", with: "")).run(keeping: store).ran.isEmpty)
    }

    @Test func `a file that keeps its size and its time of change is still read again`() throws {
        try writeFiles(["aaaa", "b"])
        let text = "```{mix}\nid: m\nfile: f0.txt\n```\n"
        let path = fixture.folder + "/f0.txt"
        let old = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
        #expect(try fixture.notebook(text).run(keeping: store).ran == ["m"])
        try fixture.write("f0.txt", "bbbb")
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
        #expect(try fixture.notebook(text).run(keeping: store).ran == ["m"])
    }
}
