import Interventions
import JSON

/// What to sweep: paths of the models, pairs as token ids, and the sweep's own choices.
struct Request {
    let base: String
    let tuned: String
    let adapter: String?
    let pairs: [PackedPair]
    let positions: Positions
    let directions: [Direction]
    let controls: [Control]
    let threads: Int
    /// Bytes that the walk may use; the engine's own choice where it is not given.
    let memory: Int?
    let repetitions: Int
    let warmsUp: Bool

    init(_ json: JSON) throws {
        func value<Value>(_ key: String, _ read: (JSON) -> Value?) throws -> Value {
            guard let value = json[key].flatMap(read) else { throw RequestError("'\(key)' is missing or misformed") }
            return value
        }
        func names<Name: RawRepresentable>(_ key: String) throws -> [Name] where Name.RawValue == String {
            try value(key) { value in
                let texts = value.array?.compactMap(\.string)
                let names = texts?.compactMap(Name.init)
                return names?.count == value.array?.count ? names : nil
            }
        }
        base = try value("base", \.string)
        tuned = try value("tuned", \.string)
        adapter = json["adapter"]?.string
        positions = try Positions(try value("positions", \.string))
        directions = try names("directions")
        controls = try names("controls")
        threads = try value("threads", \.int)
        memory = json["memory"]?.int
        repetitions = try value("repetitions", \.int)
        warmsUp = try value("warm_up", \.bool)
        pairs = try value("pairs", \.array).enumerated().map { index, pair in
            func ids(_ key: String) throws -> [Int] {
                guard let ids = pair[key]?.array?.compactMap(\.int) else {
                    throw RequestError("pair \(index) has no '\(key)'")
                }
                return ids
            }
            return PackedPair(
                id: index, cluster: index, prompt: try ids("prompt"), chosen: try ids("chosen"),
                rejected: try ids("rejected"))
        }
    }

    /// The two pairs with the fewest response tokens; two, because a control takes its donor from another pair.
    var shortestPairs: [PackedPair] {
        Array(pairs.sorted { $0.chosenTokens + $0.rejectedTokens < $1.chosenTokens + $1.rejectedTokens }.prefix(2))
    }
}

/// A request that cannot be carried out, in one sentence.
struct RequestError: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}
