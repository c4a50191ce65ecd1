import Foundation
import JSON
import Markdown
import Notebooks

/// Where the word at a place leads.
struct Definition {
    let view: View

    /// A `Location`; nil where it leads nowhere.
    func location(at offset: Int) -> JSON? {
        let names = Names(view)
        if let mention = names.mention(at: offset, in: view.source) {
            return names.definition(of: mention.name).flatMap { view.location($0) }
        }
        guard let file = file(at: offset) else { return nil }
        return .members([
            "uri": .string(view.uri(ofFile: file)),
            "range": TextPositions(SourceText(name: file, text: ""), .utf8).range(0..<0),
        ])
    }

    /// The file that an option or the front matter names: an included text, data, a bibliography.
    private func file(at offset: Int) -> String? {
        let options = view.fences.flatMap { fence in
            let named = Set(view.catalogue.options(of: fence.command).filter { $0.target != nil }.map(\.name))
            return (fence.body?.mapping ?? []).filter { named.contains($0.key) }.map(\.value)
        }
        let bibliography = view.file == 0 ? view.analysis.notebook.frontMatter.bibliography : nil
        let value = (options + [bibliography].compactMap(\.self)).first { value in
            let bytes = view.source.bytes(of: value.location)
            return bytes.lowerBound <= offset && offset <= bytes.upperBound
        }
        var isFolder: ObjCBool = false
        guard let file = value?.text.flatMap({ try? view.analysis.project.resolve($0) }),
            FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue
        else { return nil }
        return file
    }
}
