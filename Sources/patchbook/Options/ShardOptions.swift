import ArgumentParser
import Foundation

/// Which share of the work is this task's, where several tasks share a notebook.
struct ShardOptions: ParsableArguments {
    @ArgumentParser.Option(
        name: .customLong("parts"),
        help: ArgumentHelp(
            "Computes a share of what is not kept yet, into files in this folder, and writes no page: 'patchbook merge' takes them over.",
            valueName: "folder"))
    var parts: String?

    @ArgumentParser.Option(
        name: .customLong("shard"),
        help: ArgumentHelp(
            "Which share: task 3 of 16 is 3/16. In an array job of Slurm it is the task's own without this.",
            valueName: "n/N"))
    var shard: ShardNumber?

    func validate() throws {
        if shard != nil, parts == nil {
            throw ValidationError("--shard needs --parts FOLDER, where the share's results are written")
        }
    }

    /// A task's share, and where it leaves what it computes.
    struct Share {
        let number: ShardNumber
        let parts: String
    }

    /// This task's share; nil where one process does all.
    /// - Throws: `ValidationError` where nothing says which share it is.
    func share() throws -> Share? {
        try parts.map { Share(number: try number(ProcessInfo.processInfo.environment), parts: $0) }
    }

    private func number(_ environment: [String: String]) throws -> ShardNumber {
        if let shard { return shard }
        guard let task = environment["SLURM_ARRAY_TASK_ID"] else {
            throw ValidationError("--parts needs --shard n/N: which share of the work is this task's")
        }
        guard let number = ShardNumber(slurm: environment) else {
            let missing = ["COUNT", "MIN", "MAX"].map { "SLURM_ARRAY_TASK_\($0)" }.first { environment[$0] == nil }
            throw ValidationError(
                "SLURM_ARRAY_TASK_ID is \(task), "
                    + (missing.map { "but \($0) is not set; give --shard n/N" }
                        ?? "but the array must number its tasks without gaps, such as --array=1-16; or give --shard n/N")
            )
        }
        return number
    }
}

/// Task `number`, from 1, of `count`.
struct ShardNumber: ExpressibleByArgument, Equatable {
    let number: Int
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1, 1...count ~= number else {
            return nil
        }
        self.number = number
        self.count = count
    }

    /// What Slurm says about a task of an array whose numbers follow each other.
    init?(slurm environment: [String: String]) {
        func variable(_ name: String) -> Int? { environment["SLURM_ARRAY_TASK_\(name)"].flatMap { Int($0) } }
        guard let id = variable("ID"), let count = variable("COUNT"), let first = variable("MIN"),
            let last = variable("MAX"), first <= last, first >= 0, last - first == count - 1, first...last ~= id
        else { return nil }
        number = id - first + 1
        self.count = count
    }
}
