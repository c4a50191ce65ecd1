import JSON

/// How a row says its pair.
public enum PairFormat: String, Sendable, CaseIterable {
    /// What the first row's columns and values say.
    case auto
    /// `chosen` and `rejected` are whole transcripts, as in HH-RLHF (Bai et al. 2022).
    case hh
    /// `prompt`, and `chosen` and `rejected` as they go on from it: texts or messages.
    case prompt
    /// `chosen` and `rejected` both begin with the prompt: texts or messages.
    case shared
    /// UltraFeedback, binarized: `chosen` and `rejected` are conversations that share their prompt.
    case ultrafeedback
    /// The preference mixtures of Tülu 3, which are as UltraFeedback's.
    case tulu3
    /// RewardBench: one `prompt`, and one or several texts in `chosen` and in `rejected`.
    case rewardbench
    /// HelpSteer 2's preferences: `response_1`, `response_2` and `preference_strength`, negative where the first is better.
    case helpsteer2
    /// HelpSteer 3's preferences: `context`, `response1`, `response2` and `overall_preference`, negative where the first is better.
    case helpsteer3
    /// PKU-SafeRLHF by `better_response_id`.
    case safeRLHF = "safe-rlhf"
    /// PKU-SafeRLHF by `safer_response_id`.
    case safeRLHFSafer = "safe-rlhf-safer"
    /// Stanford Human Preferences: `history`, two replies, and `labels`, 1 where the first is preferred.
    case shp

    /// The format of a file whose first row this is; nil where its columns are unknown.
    init?(firstRow row: JSON) {
        func has(_ keys: String...) -> Bool { keys.allSatisfy { row[$0] != nil } }
        if has("better_response_id", "response_0", "response_1") {
            self = .safeRLHF
        } else if has("preference_strength", "response_1", "response_2") {
            self = .helpsteer2
        } else if has("overall_preference", "response1", "response2") {
            self = .helpsteer3
        } else if has("human_ref_A", "human_ref_B", "labels") {
            self = .shp
        } else if has("chosen", "rejected") {
            self = Self(chosen: row["chosen"], prompt: row["prompt"])
        } else {
            return nil
        }
    }

    private init(chosen: JSON?, prompt: JSON?) {
        let isConversation = chosen?.array?.first?.object != nil
        switch prompt {
        case .some where !isConversation, .array: self = .prompt
        case .some: self = .shared
        case nil:
            let isTranscript = chosen?.string.map {
                $0.utf8.starts(with: "\n\nHuman:".utf8) || $0.contains(PreferencePair.marker)
            }
            self = isTranscript == true ? .hh : .shared
        }
    }
}

/// The names under which a file keeps prompt and responses.
public struct PairColumns: Sendable, Equatable {
    /// The column of the prompt; nil where both responses begin with it.
    public let prompt: String?
    /// The column of the preferred response.
    public let chosen: String
    /// The column of the other response.
    public let rejected: String

    /// Names of columns.
    public init(prompt: String?, chosen: String, rejected: String) {
        self.prompt = prompt
        self.chosen = chosen
        self.rejected = rejected
    }

    /// The row with these columns under the names that the formats read.
    func renamed(_ row: JSON) -> JSON {
        let pairs = [(prompt, "prompt"), (chosen, "chosen"), (rejected, "rejected")]
        return .object(
            pairs.compactMap { column, name in column.flatMap { row[$0] }.map { JSON.Member(name, $0) } })
    }
}
