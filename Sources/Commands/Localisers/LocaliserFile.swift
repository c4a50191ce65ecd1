import Experiments
import Values

/// A file of planted models or of scores, as a table.
struct LocaliserFile {
    let path: String
    let table: Table

    /// The models of a truth file.
    /// - Throws: ``LocaliserError`` for a row that says none.
    func models() throws(LocaliserError) -> [PlantedModel] {
        try check(columns: ["case", "seed", "layers", "planted", "changed"])
        var models: [PlantedModel] = []
        var rows: [PlantedModel.ID: Int] = [:]
        for reader in readers {
            let (id, count) = (try reader.model(), try reader.whole("layers", least: 1))
            if let first = rows.updateValue(reader.number, forKey: id) {
                throw reader.error(.repeatedModel(id, first: first))
            }
            let (planted, changed) = (
                try reader.layers("planted", of: count), try reader.layers("changed", of: count)
            )
            if let layer = planted.first(where: { !changed.contains($0) }) { throw reader.error(.unchanged(layer)) }
            models.append(PlantedModel(id: id, layers: count, planted: planted, changed: changed))
        }
        return models
    }

    /// The scores of a file.
    /// - Throws: ``LocaliserError`` for a row that says none.
    func scores() throws(LocaliserError) -> [LayerScore] {
        try check(columns: ["case", "seed", "localiser", "layer", "score"])
        let hasP = table.columns.contains("p")
        var scores: [LayerScore] = []
        for reader in readers {
            scores.append(
                LayerScore(
                    source: LayerScore.Source(path, row: reader.number), model: try reader.model(),
                    localiser: try reader.name("localiser"), layer: try reader.whole("layer", least: 0),
                    score: try reader.score(), p: hasP ? try reader.p() : nil))
        }
        return scores
    }

    private func check(columns: [String]) throws(LocaliserError) {
        if let missing = columns.first(where: { !table.columns.contains($0) }) {
            throw LocaliserError(file: path, .missingColumn(missing, found: table.columns))
        }
    }

    private var readers: [Reader] {
        table.rows.enumerated().map { Reader(path: path, columns: table.columns, row: $1, number: $0 + 1) }
    }
}

/// One row, read field by field.
private struct Reader {
    let path: String
    let columns: [String]
    let row: [Scalar]
    /// From 1, the line of column names not counted.
    let number: Int

    func error(_ problem: LocaliserError.Problem) -> LocaliserError {
        LocaliserError(file: path, row: number, problem)
    }

    func model() throws(LocaliserError) -> PlantedModel.ID {
        PlantedModel.ID(try name("case"), seed: try whole("seed", least: 0))
    }

    /// A name that can be part of a value's path.
    func name(_ column: String) throws(LocaliserError) -> String {
        let text = value(column).text
        guard text.first?.isLowercaseLetter == true, text.allSatisfy(\.isOfName) else {
            throw wrong(column, "a name of small letters, digits, '-' and '_'")
        }
        return text
    }

    func whole(_ column: String, least: Int) throws(LocaliserError) -> Int {
        guard case .int(let number) = value(column), number >= least else {
            throw wrong(column, "a whole number, at least \(least)")
        }
        return number
    }

    func score() throws(LocaliserError) -> Double {
        guard let number = value("score").number, number.isFinite else { throw wrong("score", "a finite number") }
        return number
    }

    /// Nothing where the localiser has no test.
    func p() throws(LocaliserError) -> Double? {
        let value = value("p")
        if value == .null { return nil }
        guard let number = value.number, (0...1).contains(number) else {
            throw wrong("p", "a number from 0 to 1, or nothing")
        }
        return number
    }

    /// Layers with blanks between them; nothing for none.
    func layers(_ column: String, of count: Int) throws(LocaliserError) -> [Int] {
        let value = value(column)
        var layers: [Int] = []
        for word in value == .null ? [] : value.text.split(separator: " ") {
            guard let layer = Int(word) else { throw wrong(column, "layers with blanks between them, or nothing") }
            guard (0..<count).contains(layer) else {
                throw error(.missingLayer(layer, column: column, count: count))
            }
            layers.append(layer)
        }
        guard zip(layers, layers.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw error(.unsorted(column: column, layers))
        }
        return layers
    }

    private func value(_ column: String) -> Scalar { columns.firstIndex(of: column).map { row[$0] } ?? .null }

    private func wrong(_ column: String, _ expected: String) -> LocaliserError {
        let value = value(column)
        return error(
            .wrongKind(column: column, expected: expected, found: value == .null ? "nothing" : "'\(value.text)'"))
    }
}

extension Character {
    fileprivate var isLowercaseLetter: Bool { ("a"..."z").contains(self) }
    fileprivate var isOfName: Bool { isLowercaseLetter || ("0"..."9").contains(self) || self == "-" || self == "_" }
}
