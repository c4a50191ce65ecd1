import Foundation

/// What this process may use of the machine, where that is less than the machine has: by Slurm, or by its control group.
public struct MachineLimits: Sendable, Equatable {
    /// How many processors; nil for all.
    public var processors: Int?
    /// How many bytes of memory; nil for all.
    public var memory: Int?

    /// The limits of this process.
    public static var own: MachineLimits {
        MachineLimits(environment: ProcessInfo.processInfo.environment) { path in
            try? String(contentsOfFile: path, encoding: .utf8)
        }
    }

    /// - Parameters:
    ///   - environment: Slurm's `SLURM_CPUS_PER_TASK`, or where that was not asked for `SLURM_CPUS_ON_NODE`, and `SLURM_MEM_PER_NODE`
    ///     and `SLURM_MEM_PER_CPU`, in MiB.
    ///   - text: the text of a file under `/proc` or `/sys`; nil when it is not there.
    public init(environment: [String: String], text: (String) -> String?) {
        // Larger numbers limit nothing.
        func variable(_ name: String) -> Int? {
            environment[name].flatMap { Int($0) }.flatMap { 1..<1 << 31 ~= $0 ? $0 : nil }
        }
        let cpus = variable("SLURM_CPUS_PER_TASK") ?? variable("SLURM_CPUS_ON_NODE")
        let node = variable("SLURM_MEM_PER_NODE").map { $0 << 20 }
        let byCPU = variable("SLURM_MEM_PER_CPU").map { ($0 << 20).multipliedReportingOverflow(by: cpus ?? 1) }
            .flatMap { $0.overflow ? nil : $0.partialValue }
        let group = Self.group(text)
        processors = [cpus, group.processors].compactMap(\.self).min()
        memory = [node ?? byCPU, group.memory].compactMap(\.self).min()
    }

    /// The limits of the control group and of all that it lies in (`cpu.max`, `memory.max` of version 2).
    private static func group(_ text: (String) -> String?) -> (processors: Int?, memory: Int?) {
        let line = text("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }
        guard let line else { return (nil, nil) }
        var names = line.dropFirst(3).split(separator: "/").map(String.init)
        var (processors, memory): ([Int], [Int]) = ([], [])
        while true {
            let folder = (["/sys/fs/cgroup"] + names).joined(separator: "/")
            let quota = text(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace).compactMap { Double($0) } ?? []
            if quota.count == 2, quota[1] > 0 { processors.append(max(Int((quota[0] / quota[1]).rounded(.up)), 1)) }
            if let bytes = text(folder + "/memory.max").flatMap({
                Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }) {
                memory.append(bytes)
            }
            if names.popLast() == nil { break }
        }
        return (processors.min(), memory.min())
    }
}
