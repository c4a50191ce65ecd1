/// One row of a file of records.
public struct SweepRecord: Sendable {
    /// The row: its line in the file, from 1, or its place in a JSON list, from 1.
    public let row: Int
    /// Names the pair, and its prompt.
    public let pair, prompt: String
    /// Where the record belongs.
    public let place: RecordPlace
    /// Numbers: of a patch the run's, the base's and the tuned model's; of four cells their four margins.
    public let numbers: [Double]

    /// A record out of its parts.
    public init(row: Int, pair: String, prompt: String, place: RecordPlace, numbers: [Double]) {
        self.row = row
        self.pair = pair
        self.prompt = prompt
        self.place = place
        self.numbers = numbers
    }
}

/// Records by pair and place, every place filled for every pair.
public struct RecordGrid: Sendable {
    /// In the order of their first rows.
    public private(set) var pairs: [String] = []
    /// The prompt of each pair, numbered in the order of their first rows, `[pair]`.
    public private(set) var clusters: [Int] = []
    /// Pairs that lack a place, with the place; left out.
    public private(set) var incomplete: [(pair: String, row: Int, place: RecordPlace)] = []
    /// In the order of their first rows.
    private(set) var places: [RecordPlace] = []
    private var records: [String: [RecordPlace: SweepRecord]] = [:]

    /// Sorts records.
    /// - Parameter leavesOutIncomplete: whether a pair that lacks a place is left out, not refused.
    /// - Throws: ``RecordError`` for a place that a pair has twice or not at all, and for a pair with two prompts.
    public init(_ rows: [SweepRecord], leavesOutIncomplete: Bool) throws(RecordError) {
        var first: [String: SweepRecord] = [:]
        var order: [String] = []
        var known: Set<RecordPlace> = []
        for record in rows {
            if let before = first[record.pair] {
                guard before.prompt == record.prompt else {
                    throw RecordError(
                        row: record.row,
                        .different(column: "prompt", found: record.prompt, before: before.prompt, first: before.row))
                }
            } else {
                first[record.pair] = record
                order.append(record.pair)
            }
            if let before = records[record.pair, default: [:]].updateValue(record, forKey: record.place) {
                throw RecordError(row: record.row, .repeated(first: before.row))
            }
            if known.insert(record.place).inserted { places.append(record.place) }
        }
        var prompts: [String: Int] = [:]
        for pair in order {
            guard let record = first[pair] else { continue }
            if let missing = places.first(where: { records[pair]?[$0] == nil }) {
                guard leavesOutIncomplete else {
                    throw RecordError(row: record.row, .missingPlace(pair: pair, missing))
                }
                incomplete.append((pair, record.row, missing))
                continue
            }
            pairs.append(pair)
            clusters.append(prompts[record.prompt] ?? prompts.count)
            prompts[record.prompt] = clusters.last
        }
        guard !pairs.isEmpty else { throw RecordError(.nothing) }
    }

    /// A number of every pair at a place, `[pair]`.
    func numbers(_ number: Int, at place: RecordPlace) -> [Double] {
        pairs.map { records[$0]?[place]?.numbers[number] ?? .nan }
    }

    /// The record of a pair at a place.
    func record(_ pair: String, at place: RecordPlace) -> SweepRecord? { records[pair]?[place] }

    /// The four cells of every layer, rising; of all rows where none names a layer.
    public var cells: [FourCells] {
        places.sorted { ($0.layer ?? 0) < ($1.layer ?? 0) }.map { place in
            FourCells(
                layer: place.layer, baseBase: numbers(0, at: place), baseTuned: numbers(1, at: place),
                tunedBase: numbers(2, at: place), tunedTuned: numbers(3, at: place))
        }
    }
}
