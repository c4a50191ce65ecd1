import ArgumentParser
import Commands
import Foundation
import Markdown
import Notebooks
import Preview
import Reports
import Store
import Synchronization

/// `patchbook preview`: reports in a browser, which follow their notebooks while these are written.
struct PreviewVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Shows reports in a browser and follows their notebooks while you write.",
        discussion: """
            The page changes when the notebook, a file that it includes, a template, the data or a model does. Problems are shown on it. \
            A block that will take more than ten seconds waits until you start it, in the page or with the Enter key here. \
            Only this machine can open the page. Nothing is written but kept results.
            """)

    @Argument(help: "A notebook (.md), or a folder of them.")
    var notebook = "."

    @OptionGroup var options: NotebookOptions
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var runOptions: RunOptions

    @ArgumentParser.Option(
        name: .customLong("port"), help: "The port to serve on; without it, any that is free.")
    var port: UInt16 = 0

    func validate() throws {
        if storeOptions.isOff { throw ValidationError("a preview shows what is kept, so --no-store cannot go with it") }
    }

    func run() throws {
        let preview: Preview
        do {
            preview = try Preview(try sources(), port: port)
        } catch let error as PreviewError {
            Terminal.say("error: \(error)")
            throw Ending.failed
        }
        let ended = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        Task {
            do {
                try await preview.run { address in
                    // A program that waits for the address reads a pipe, which would hold a printed line back.
                    _ = Descriptor.write("Open \(address)\n", to: STDOUT_FILENO)
                    Terminal.say("Ctrl-C ends the preview.")
                }
            } catch {
                failure.withLock { $0 = error }
            }
            ended.signal()
        }
        // A line is a wish only where someone typed it.
        if isatty(STDIN_FILENO) == 1 {
            Thread.detachNewThread {
                while readLine() != nil { Task { await preview.startAll() } }
            }
        }
        ended.wait()
        if let error = failure.withLock({ $0 }) {
            Terminal.say("error: \(error)")
            throw Ending.failed
        }
    }

    private func sources() throws -> PreviewSources {
        let found = NotebookFiles.paths([notebook])
        if case .failure(let problem)? = found.first {
            Terminal.say(problem.text)
            throw Ending.failed
        }
        let isFolder = !notebook.hasSuffix(".md")
        let (notebook, options) = (notebook, options)
        let stores = Mutex(OpenStores(storeOptions, access: .writing, interruption: Interruption {}))
        let threads = runOptions.resources.threads
        let speed = Mutex<Double?>(nil)
        return PreviewSources(
            list: { isFolder ? NotebookFiles.paths([notebook]) : found },
            folders: isFolder ? [ReportSite.real(notebook)] : [],
            open: { path throws(Diagnostics) in try options.session(path) },
            store: { project in try stores.withLock { try $0.store(of: project) } },
            templates: { try PageTemplates(of: $0) }, resources: runOptions.resources,
            speed: {
                speed.withLock { speed in
                    let known = speed ?? MachineForecast.sustainedSpeed(threads: threads)
                    speed = known
                    return known
                }
            }, say: { Terminal.say($0) })
    }
}
