import ArgumentParser
import Commands
import Foundation
import JSON
import Markdown
import Notebooks
import Store
import Values

/// `patchbook plan`: what a render would compute, and what that costs.
struct PlanVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Says what a render would have to compute: units, operations, and a forecast of time and memory.",
        discussion: """
            Texts are read and encoded, and no model runs. A unit is what 'render --parts' shares out among tasks; a block that needs \
            another's whole result comes in a later wave.
            """)

    @OptionGroup var files: NotebookFiles
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var runOptions: RunOptions

    @ArgumentParser.Option(
        name: .customLong("speed"),
        help: ArgumentHelp(
            "The matrix-product speed to forecast for, in GFLOP/s; without it, this machine's own is measured.",
            valueName: "number"))
    var speed: Double?

    @ArgumentParser.Option(
        name: .customLong("tasks"), help: "Into how many tasks the work is shared; the forecast is of the longest.")
    var tasks = 1

    @Flag(
        name: .customLong("json"),
        help: "Prints JSON: an object for one notebook, an array of them for more or for a folder.")
    var isJSON = false

    func validate() throws {
        if let speed, !(speed > 0) { throw ValidationError("--speed takes GFLOP/s, a number above 0") }
        guard 1...1_000_000 ~= tasks else { throw ValidationError("--tasks takes a whole number from 1 to 1000000") }
    }

    func run() throws {
        // Without --memory the plan says what the work takes where nothing limits it.
        let resources = Resources(threads: runOptions.resources.threads, memory: runOptions.memory?.bytes ?? .max)
        var measured: Double?
        var plans: [NotebookPlan] = []
        for found in files.paths() {
            let path = try found.mapError { Diagnostics([$0]) }.get()
            let session = try files.options.session(path)
            let analysis = try session.analysis.sound()
            let store = try storeOptions.open(for: analysis.project, access: .reading)
            defer { store?.close() }
            let evaluation = session.run(keeping: store, shard: Shard(), resources: resources)
            let failures = evaluation.blocks.compactMap(\.failure).filter { $0.reason == .failed }
            guard failures.isEmpty else { throw Diagnostics(failures.flatMap(\.problems)) }
            let known = speed.map { $0 * 1e9 } ?? measured ?? MachineForecast.speed(threads: resources.threads)
            measured = known
            let plan = NotebookPlan(path: path, evaluation, analysis, speed: known, tasks: tasks)
            if isJSON { plans.append(plan) } else { print(plan.text) }
        }
        guard isJSON else { return }
        let documents = plans.map(\.json)
        let isOne = files.notebooks.count == 1 && files.notebooks[0].hasSuffix(".md")
        print((isOne ? documents[0] : .array(documents)).text(pretty: true))
    }
}

/// What is left of a notebook's work.
struct NotebookPlan {
    /// A block whose result is not kept.
    private struct Line {
        let id: String
        let command: String
        let wave: Int?
        let work: Postponed?
        let seconds: Double?
        let needs: [String]
    }

    private let path: String
    private let lines: [Line]
    private let kept: Int
    private let waves: Int
    private let seconds: Double
    /// Seconds of the task that takes longest; units are as long as they are, and tasks take turns.
    private let longest: Double
    private let tasks: Int

    init(path: String, _ evaluation: Evaluation, _ analysis: Analysis, speed: Double, tasks: Int) {
        let waves = Waves(evaluation, analysis)
        self.path = path
        self.tasks = tasks
        self.waves = waves.blocks.count
        kept = evaluation.blocks.count { $0.failure == nil }
        lines = evaluation.blocks.compactMap { block in
            guard let failure = block.failure else { return nil }
            let work: Postponed? = if case .postponed(let work) = failure.reason { work } else { nil }
            let needs: [String] = if case .needs(let ids) = failure.reason { ids } else { [] }
            return Line(
                id: block.head.id, command: block.head.command,
                wave: waves.blocks.firstIndex { $0.contains(block.head.id) }.map { $0 + 1 }, work: work,
                seconds: work?.operations.map {
                    MachineForecast.seconds(operations: $0.reduce(0, +), speed: speed)
                }, needs: needs)
        }
        seconds = lines.compactMap(\.seconds).reduce(0, +)
        var loads = [Int](repeating: 0, count: tasks)
        let units = lines.compactMap(\.work).flatMap { $0.operations ?? Array(repeating: 0, count: $0.units) }
        for (turn, operations) in units.enumerated() { loads[turn % tasks] += operations }
        longest = MachineForecast.seconds(operations: loads.max() ?? 0, speed: speed)
    }

    /// A line a block, and one for all.
    var text: String {
        var rows = lines.map { line in
            guard let work = line.work else {
                return line.wave.map { "\(line.id)  wave \($0): waits for \(line.needs.joined(separator: ", "))" }
                    ?? "\(line.id)  computed by the render"
            }
            var parts = [CacheVerb.List.count(work.units, "unit")]
            if work.noun != "units" { parts.append("\(work.items) \(work.noun)") }
            if let operations = work.operations, let bytes = work.bytes, let seconds = line.seconds {
                parts += [
                    Scalar.number(Double(operations.reduce(0, +)) / 1e12).text + " TFLOP",
                    MachineForecast.words(seconds) + (work.isWhole ? "" : " or more"),
                    "\(max(bytes >> 20, 1)) MiB of activations at most",
                ]
            }
            return "\(line.id)  \(parts.joined(separator: ", "))"
        }
        let units = lines.compactMap(\.work?.units).reduce(0, +)
        var total = ["\(kept == 1 ? "1 block needs" : "\(kept) blocks need") nothing computed"]
        if units > 0 {
            total.append(
                "\(CacheVerb.List.count(units, "unit")) in \(waves == 1 ? "1 wave" : "\(waves) waves or more"), \(MachineForecast.words(longest))"
                    + (lines.contains { $0.work == nil && $0.wave != nil } ? " without the blocks that wait" : "")
                    + (tasks > 1 ? " with \(tasks) tasks of this speed" : ""))
        }
        rows.append("\(path): " + total.joined(separator: "; "))
        return rows.joined(separator: "\n")
    }

    /// The same as data.
    var json: JSON {
        .object([
            JSON.Member("notebook", .string(path)), JSON.Member("ready", .int(kept)), JSON.Member("waves", .int(waves)),
            JSON.Member("seconds", .number(seconds)), JSON.Member("longest", .number(longest)),
            JSON.Member(
                "blocks",
                .array(
                    lines.map { line in
                        .object([
                            JSON.Member("block", .string(line.id)), JSON.Member("command", .string(line.command)),
                            JSON.Member("wave", line.wave.map { .int($0) } ?? .null),
                            JSON.Member("units", line.work.map { .int($0.units) } ?? .null),
                            JSON.Member("items", line.work.map { .int($0.items) } ?? .null),
                            JSON.Member("operations", line.work?.operations.map { .int($0.reduce(0, +)) } ?? .null),
                            JSON.Member("bytes", line.work?.bytes.map { .int($0) } ?? .null),
                            JSON.Member("seconds", line.seconds.map { .number($0) } ?? .null),
                            JSON.Member("needs", .array(line.needs.map { .string($0) })),
                        ])
                    })),
        ])
    }
}
