import ArgumentParser
import Notebooks

/// What a run may use of the machine.
struct RunOptions: ParsableArguments {
    @ArgumentParser.Option(
        name: .customLong("threads"),
        help: "How many threads work side by side; without it, one per core that the process may use.")
    var threads: Int?

    @ArgumentParser.Option(
        name: .customLong("memory"),
        help: ArgumentHelp("How much memory a run may take, such as 4GiB or 800MB.", valueName: "size"))
    var memory: MemorySize?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads takes a whole number, at least 1") }
    }

    /// What the user says, else what the process is allowed: a third of a memory limit, because weights and statistics need room too.
    var resources: Resources {
        let limits = MachineLimits.own
        return Resources(threads: threads ?? limits.processors, memory: memory?.bytes ?? limits.memory.map { $0 / 3 })
    }
}

/// A size in bytes: `4GiB` (1024³), `800MB` (1000²), `2G` (1024³).
struct MemorySize: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let digits = argument.prefix { "0123456789.".contains($0) }
        guard let number = Double(digits), number > 0 else { return nil }
        let units: [String: Double] = [
            "": 1, "b": 1, "k": 1024, "kib": 1024, "kb": 1000, "m": 1_048_576, "mib": 1_048_576, "mb": 1e6,
            "g": 1_073_741_824, "gib": 1_073_741_824, "gb": 1e9, "t": 1_099_511_627_776, "tib": 1_099_511_627_776,
            "tb": 1e12,
        ]
        guard let unit = units[argument.dropFirst(digits.count).lowercased()], number * unit < 9e18 else { return nil }
        bytes = Int(number * unit)
    }
}
