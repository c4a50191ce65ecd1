import Interventions
import Numerics
import Transformers

/// Where two models, given the same text, first prefer different tokens.
public struct FirstDivergence: Sendable, Equatable {
    /// The place of the pair in the list that was searched.
    public let pair: Int
    /// What stands before the position: the prompt, and what both models agreed on, or were given, after it.
    public let prefix: [Int]
    /// How many tokens of it come after the prompt.
    public let agreed: Int
    /// The token that each model prefers there.
    public let base, tuned: Int

    /// A position out of its parts.
    public init(pair: Int, prefix: [Int], agreed: Int, base: Int, tuned: Int) {
        self.pair = pair
        self.prefix = prefix
        self.agreed = agreed
        self.base = base
        self.tuned = tuned
    }

    /// The text that both models are given.
    public enum Text: String, Sendable, CaseIterable {
        /// What both would say: greedy decoding, as long as they agree.
        case generated
        /// The pair's chosen response.
        case chosen
        /// The pair's rejected response.
        case rejected
    }

    /// How texts are searched.
    public struct Search: Sendable {
        /// The text that both models are given.
        public let text: Text
        /// How many tokens after the prompt are searched at most.
        public let length: Int
        /// Tokens that end a generated text where both models prefer one.
        public let ends: Set<Int>

        /// A search.
        public init(_ text: Text, length: Int, ends: Set<Int> = []) {
            self.text = text
            self.length = length
            self.ends = ends
        }

        /// The first divergence of each pair that has one, in the order of the pairs; of pairs with one prompt the first alone is
        /// searched where the text is generated.
        /// - Throws: `PatchError`, and what keeps parts from being kept.
        public func divergences(
            of models: ModelPair, over pairs: [PackedPair], in context: some RunContext
        ) throws -> [FirstDivergence] {
            let places = places(of: pairs)
            let searched = pairs.at(places)
            let work = Work(
                name: "first \(text.rawValue)", over: searched,
                read: { FirstDivergence.list($1, pairs: $0) }, write: { KeptDoubles.bytes($0.flatMap(\.numbers)) },
                cost: { range in
                    var cost = context.cost(of: Self.capture(models), in: models, over: searched)(range)
                    if text == .generated { cost.operations *= length }
                    return cost
                },
                run: { range, _ in
                    let group = Array(searched[range])
                    let found =
                        try text == .generated
                        ? generated(models, group, context) : given(models, group, context)
                    return found.map { $0.at(range.lowerBound + $0.pair) }
                })
            return try context.fold(work, into: []) { found, part in found += part.map { $0.at(places[$0.pair]) } }
        }

        /// The pairs that are searched.
        private func places(of pairs: [PackedPair]) -> [Int] {
            var prompts: Set<[Int]> = []
            return pairs.indices.filter { text != .generated || prompts.insert(pairs[$0].prompt).inserted }
        }

        /// Placeholder positions for counting the work at the true ones: each at the end of its prompt.
        func standIns(over pairs: [PackedPair]) -> [FirstDivergence] {
            places(of: pairs).map { FirstDivergence(pair: $0, prefix: pairs[$0].prompt, agreed: 0, base: 0, tuned: 1) }
        }

        private static func capture(_ models: ModelPair) -> Capture {
            Capture(site: .residualPost, layers: [models.layers - 1], positions: .all)
        }

        /// Both models continue with the token that both prefer, until they prefer different ones.
        private func generated(
            _ models: ModelPair, _ group: [PackedPair], _ context: some RunContext
        ) throws -> [FirstDivergence] {
            let longest = min(models.base.shape.maximumLength, models.tuned.shape.maximumLength)
            var agreed: [[Int]] = group.map { _ in [] }
            var found: [FirstDivergence] = []
            var open = Array(group.indices)
            for step in 0..<length where !open.isEmpty {
                let prefixes = open.map { group[$0].prompt + agreed[$0] }
                let texts = zip(open, prefixes).map { place, prefix in
                    PackedPair(
                        id: group[place].id, cluster: group[place].cluster, prompt: prefix, chosen: [], rejected: [])
                }
                var preferred: [Int: (base: Int, tuned: Int)] = [:]
                try context.walk(models).read(
                    [Capture(site: .residualPost, layers: [models.layers - 1], positions: .lastPrompt)], over: texts
                ) { reading in
                    preferred[open[reading.pair]] = Self.preferred(reading, models, context)[0]
                }
                open = zip(open, prefixes).compactMap { place, prefix in
                    guard let tokens = preferred[place] else { return nil }
                    if tokens.base != tokens.tuned {
                        found.append(
                            FirstDivergence(
                                pair: place, prefix: prefix, agreed: step, base: tokens.base, tuned: tokens.tuned))
                        return nil
                    }
                    agreed[place].append(tokens.base)
                    return ends.contains(tokens.base) || prefix.count + 1 >= longest ? nil : place
                }
            }
            return found.sorted { $0.pair < $1.pair }
        }

        /// Both models read one of the pair's responses.
        private func given(
            _ models: ModelPair, _ group: [PackedPair], _ context: some RunContext
        ) throws -> [FirstDivergence] {
            let alone = group.map { text == .chosen ? $0.onlyChosen : $0.onlyRejected }
            var found: [FirstDivergence] = []
            try context.walk(models).read([Self.capture(models)], over: alone) { reading in
                let pair = alone[reading.pair]
                let response = pair.chosen + pair.rejected
                let rows = reading.rows.indices.filter {
                    let after = reading.rows[$0].position - (pair.prompt.count - 1)
                    return after >= 0 && after < min(response.count, length)
                }
                let preferred = Self.preferred(reading, models, context, rows: rows)
                guard let first = preferred.firstIndex(where: { $0.base != $0.tuned }) else { return }
                found.append(
                    FirstDivergence(
                        pair: reading.pair, prefix: pair.prompt + response.prefix(first), agreed: first,
                        base: preferred[first].base, tuned: preferred[first].tuned))
            }
            return found
        }

        /// The token that each model prefers after rows of a reading, the first of equals; some rows at a time, until one differs.
        private static func preferred(
            _ reading: Reading, _ models: ModelPair, _ context: some RunContext, rows: [Int]? = nil
        ) -> [(base: Int, tuned: Int)] {
            let workspace = Workspace(Workers(count: context.threads))
            let rows = rows ?? Array(reading.rows.indices)
            var found: [(base: Int, tuned: Int)] = []
            for start in stride(from: 0, to: rows.count, by: 32) {
                let some = rows[start..<min(start + 32, rows.count)]
                func tokens(_ source: Source) -> [Int] {
                    let head = (source == .base ? models.base : models.tuned).head
                    let states = some.flatMap { reading[source][$0 * reading.width..<($0 + 1) * reading.width] }
                    let logits = head.logits(of: states, workspace: workspace)
                    return some.indices.map { place in
                        let first = (place - some.startIndex) * head.vocabulary
                        let row = logits[first..<first + head.vocabulary]
                        return (row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? first)
                            - first
                    }
                }
                found += zip(tokens(.base), tokens(.tuned)).map { (base: $0, tuned: $1) }
                if found.contains(where: { $0.base != $0.tuned }) { break }
            }
            return found
        }
    }
}

extension FirstDivergence {
    /// The same of another place in a list.
    fileprivate func at(_ pair: Int) -> FirstDivergence {
        FirstDivergence(pair: pair, prefix: prefix, agreed: agreed, base: base, tuned: tuned)
    }

    fileprivate var numbers: [Double] {
        ([pair, agreed, base, tuned, prefix.count] + prefix).map(Double.init)
    }

    /// What ``numbers`` of several wrote.
    fileprivate static func list(_ bytes: [UInt8], pairs: Range<Int>) -> [FirstDivergence]? {
        guard var rest = KeptDoubles.numbers(bytes)?.map({ Int(exactly: $0) })[...] else { return nil }
        var found: [FirstDivergence] = []
        while !rest.isEmpty {
            let head = rest.prefix(5).compactMap(\.self)
            guard head.count == 5, pairs.contains(head[0]), head[4] >= 0 else { return nil }
            rest = rest.dropFirst(5)
            let prefix = rest.prefix(head[4]).compactMap(\.self)
            guard prefix.count == head[4] else { return nil }
            rest = rest.dropFirst(head[4])
            found.append(
                FirstDivergence(pair: head[0], prefix: prefix, agreed: head[1], base: head[2], tuned: head[3]))
        }
        return found
    }
}
