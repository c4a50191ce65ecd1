import ArgumentParser
import Foundation
import Markdown
import Reports

/// `patchbook import`: a Jupyter notebook as a notebook of ours.
struct ImportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Makes a notebook of a Jupyter notebook; never over a file that is there.",
        discussion: """
            Markdown cells become prose, raw cells that hold a command block or front matter become those, and code becomes listings. \
            What 'export --to ipynb' wrote comes back as it was.
            """)

    @Argument(help: "The Jupyter notebook (.ipynb).")
    var file: String

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The notebook to write; without it, beside the Jupyter notebook.", valueName: "x.md"))
    var output: String?

    func validate() throws {
        if let output, !output.hasSuffix(".md") {
            throw ValidationError("a notebook's name ends in .md, found '\(output)'")
        }
        if output == nil, !file.hasSuffix(".ipynb") {
            throw ValidationError(
                "a Jupyter notebook's name ends in .ipynb, found '\(file)'; name the notebook to write with -o")
        }
    }

    func run() throws {
        let target = output ?? String(file.dropLast(".ipynb".count)) + ".md"
        guard !FileManager.default.fileExists(atPath: target) else {
            Terminal.say("\(target): error: the file already exists\nhelp: name another one with -o")
            throw Ending.failed
        }
        do {
            let read = try JupyterImport(NotebookOptions.bytes(of: file))
            try FileWriter.write(read.text, to: target)
            for note in read.notes { Terminal.say("\(file): note: \(note)") }
            print(target)
        } catch let problems as Diagnostics {
            Terminal.say("\(problems)")
            throw Ending.failed
        } catch {
            Terminal.say("\(file): error: \(error)")
            throw Ending.failed
        }
    }
}
