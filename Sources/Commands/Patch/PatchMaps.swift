import Charts
import Experiments
import Interventions
import Notebooks
import Values

extension PatchFigures {
    /// Layer × position and layer × head maps of the patch itself.
    var maps: [Figure] {
        effects.measures.directions.flatMap { direction -> [Figure] in
            let rows = effects.rows(direction, .none)
            return request.positions.compactMap { positions -> Figure? in
                guard request.isByHead else { return nil }
                let names = Set(rows.compactMap(\.place.head)).sorted()
                return map(
                    rows.filter { $0.place.positions == positions }, direction, "head", names.map(String.init),
                    name: Self.headsName(direction, positions),
                    at: request.positions.count > 1 ? " at positions '\(positions.name)'" : ""
                ) { $0.place.head.map(String.init) ?? "" }
            }
                + (request.isByHead
                    ? []
                    : [
                        map(
                            rows, direction, "positions", request.positions.map(\.name),
                            name: Self.identifier("positions-\(direction.rawValue)")
                        ) { $0.place.positions.name }
                    ])
        }
    }

    private func map(
        _ rows: [PatchEffects.Row], _ direction: Direction, _ title: String, _ columns: [String], name: String,
        at place: String = "", of column: (PatchEffects.Row) -> String
    ) -> Figure {
        var layers: [Int] = []
        for row in rows where !layers.contains(row.place.layer) { layers.append(row.place.layer) }
        let values = layers.map { layer in
            columns.map { name in
                rows.first { $0.place.layer == layer && column($0) == name }?.effect ?? .nan
            }
        }
        return Figure(
            name: name, title: "Change of the \(metric) by layer and \(title)\(place), \(words(direction))",
            description: "One row per layer, one column per choice of \(title); the mean over pairs.",
            chart: Heatmap(
                rowTitle: "layer", rows: layers.map(String.init), columnTitle: title, columns: columns,
                valueTitle: "change of the \(metric) (\(unit))", values: values, scale: .diverging),
            data: Table(
                columns: ["layer"] + columns,
                rows: zip(layers, values).map { [.int($0)] + $1.map { .optional($0) } }))
    }
}
