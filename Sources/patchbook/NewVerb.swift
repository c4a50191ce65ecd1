import ArgumentParser
import Foundation

/// `patchbook new`: a notebook to begin with.
struct NewVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Writes a notebook to begin with; never over a file that is there.")

    @Argument(help: "The notebook to write (.md).")
    var file: String

    func validate() throws {
        guard file.hasSuffix(".md") else { throw ValidationError("a notebook's name ends in .md, found '\(file)'") }
    }

    func run() throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            Terminal.say("\(file): error: the file is there already")
            throw Ending.failed
        }
        do {
            try OutputFile.write(Self.text, to: file)
        } catch {
            Terminal.say("error: \(error)")
            throw Ending.failed
        }
        print(file)
    }

    private static let text = """
        ---
        title: Where does preference tuning live?
        params:
          limit: {type: int, min: 2, default: 24, help: how many pairs to use}
        seed: 1
        ---

        The peak is layer `{= sweep.peak.layer }`, carrying `{= sweep.peak.recovery | .0% }` of what tuning gained.

        ```{models}
        id: models
        base: models/base
        tuned: {path: models/base, adapter: models/adapter}
        ```

        ```{pairs}
        id: pairs
        path: data/pairs.jsonl
        limit: $limit
        ```

        ```{score}
        id: score
        models: models
        pairs: pairs
        caption: "Tuning raises the margin of `{= score.gain.accuracy | .0% }` of the pairs"
        ```

        ```{patch}
        id: sweep
        models: models
        pairs: pairs
        caption: "Recovery by layer (peak at `{= sweep.peak.layer }`)"
        ```

        ```{expect}
        - claim: score.gain.mean > 0
          because: tuning should raise the margin of the responses that people preferred
        ```

        """
}
