import Interventions
import Numerics

/// The directions of each layer that a rank or the control `covariance` asks for, found on the fit pairs.
struct PatchDirections<Context: RunContext> {
    /// One layer's.
    struct Layer {
        /// Those that a patch keeps to, with a rank.
        var basis: Basis?
        /// Where the base's activations vary, for the control.
        var axes: Axes?
    }

    private let run: PatchRun<Context>
    private var request: PatchRequest { run.request }
    private var takesAxes: Bool { request.controls.contains(.covariance) }

    init(_ run: PatchRun<Context>) { self.run = run }

    /// Whether the sweep asks for any.
    var areNeeded: Bool { request.rank != nil || takesAxes }

    /// Placeholder directions, to count the cost of a sweep.
    var standIns: [Int: Layer] {
        Dictionary(
            uniqueKeysWithValues: request.layers.map { layer in
                let any = DifferenceMoments.random(
                    rank: request.rank ?? 1, width: width(layer), seed: run.context.seed, layer: layer)
                return (layer, Layer(basis: request.rank.map { _ in any }, axes: takesAxes ? Axes([any.values]) : nil))
            })
    }

    /// Finds them. A unit is some layers, since a walk is as long for many layers as for one: as many as hold at most 1 GiB while it
    /// runs, which is two matrices of width² for each, and leave at most 256 MiB to keep.
    func byLayer() throws -> [Int: Layer] {
        guard request.positions.count == 1, !request.isByHead, let positions = request.positions.first else {
            preconditionFailure("directions are found for one choice of positions, and all heads together")
        }
        let reader = DifferenceReader(models: run.models, site: request.site, positions: positions)
        let widest = request.layers.map(width).max() ?? 0
        let held = 16 * widest * widest
        let kept = 8 * widest * ((request.rank ?? 0) + (takesAxes ? widest : 0))
        let each = max(min((1 << 30) / max(held, 1), (1 << 28) / max(kept, 1)), 1)
        let units = stride(from: 0, to: request.layers.count, by: each).map {
            Array(request.layers[$0..<min($0 + each, request.layers.count)])
        }
        let work = Work<[Layer]>(
            name: "directions", noun: "layers", counts: units.map(\.count),
            cost: { unit in
                run.context.cost(of: reader.capture(units[unit]), in: run.models, over: run.fitting)(
                    run.fitting.indices)
            },
            read: { unit, bytes in KeptDoubles.numbers(bytes).flatMap { layers(units[unit], $0) } },
            write: { KeptDoubles.bytes($0.flatMap(numbers)) },
            run: { unit, _ in
                try reader.moments(layers: units[unit], over: run.fitting, run.context).map { _, moments in
                    Layer(
                        basis: try request.rank.map {
                            try moments.basis(request.basis, rank: $0, seed: run.context.seed)
                        }, axes: takesAxes ? try moments.axes() : nil)
                }
            })
        let found = try run.context.fold(work, into: [Layer]()) { $0 += $1 }
        return Dictionary(uniqueKeysWithValues: zip(request.layers, found))
    }

    private func width(_ layer: Int) -> Int { run.models.base.shape(of: request.site, layer: layer)?.width ?? 0 }

    /// The basis' rank and numbers, then the axes' count and numbers.
    private func numbers(_ layer: Layer) -> [Double] {
        [Double(layer.basis?.rank ?? 0)] + (layer.basis?.values ?? []).map(Double.init)
            + [Double(layer.axes?.count ?? 0)] + (layer.axes?.values ?? []).map(Double.init)
    }

    private func layers(_ layers: [Int], _ numbers: [Double]) -> [Layer]? {
        var rest = numbers[...]
        func taken(_ width: Int) -> [Float]? {
            guard let count = rest.popFirst().flatMap({ Int(exactly: $0) }), 0...rest.count ~= count,
                count * width <= rest.count
            else { return nil }
            defer { rest = rest.dropFirst(count * width) }
            return rest.prefix(count * width).map { Float($0) }
        }
        var found: [Layer] = []
        for layer in layers {
            let width = width(layer)
            guard let basis = taken(width), let axes = taken(width) else { return nil }
            found.append(
                Layer(
                    basis: request.rank.map { _ in Basis(orthonormal: basis, width: width) },
                    axes: takesAxes ? Axes(axes, width: width) : nil))
        }
        return rest.isEmpty ? found : nil
    }
}
