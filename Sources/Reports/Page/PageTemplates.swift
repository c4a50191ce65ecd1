import Foundation
import Mustache
import Markdown
import Templates

/// The templates of pages and their parts, and the style sheet: ours, or a project's own file by file.
public struct PageTemplates: Sendable {
    private let library: MustacheLibrary
    let css: String
    /// The pages' script; empty for none.
    let script: String

    /// Reads the templates.
    /// - Parameter folder: a project's own templates; each file there (`page.mustache`, `theme.css`, `page.js`) takes the place of ours,
    ///   other `.mustache` files can be used as partials, and `extra.css` follows the style sheet.
    /// - Throws: `TemplateError` that names the file.
    public init(overriddenBy folder: String? = nil) throws(TemplateError) {
        var files = BuiltInTemplates.all.map { (name: $0.name, text: $0.text) }
        for own in try folder.map(Self.files) ?? [] {
            if let index = files.firstIndex(where: { $0.name == own.name }) {
                files[index] = own
            } else {
                files.append(own)
            }
        }
        var library = MustacheLibrary()
        var css = ""
        var script = ""
        for file in files {
            if file.name.hasSuffix(".css") {
                css += (css.isEmpty ? "" : "\n") + file.text
                if file.text.range(of: "</style", options: .caseInsensitive) != nil {
                    throw TemplateError(
                        file: file.name, line: nil, problem: "it holds '</style', which would end the style element")
                }
                continue
            }
            if file.name.hasSuffix(".js") {
                script = file.text
                if file.text.range(of: "</script", options: .caseInsensitive) != nil || file.text.contains("<!--") {
                    throw TemplateError(
                        file: file.name, line: nil,
                        problem: "it holds '</script' or '<!--', which would end the script element or hide its end")
                }
                continue
            }
            do {
                try library.register(file.text, named: String(file.name.dropLast(9)))
            } catch let error as MustacheTemplate.ParserError {
                throw TemplateError(
                    file: file.name, line: error.context.lineNumber, problem: TemplateError.words(for: error.error))
            } catch {
                throw TemplateError(file: file.name, line: nil, problem: "\(error)")
            }
        }
        var names = TemplateNames(
            files: Dictionary(
                files.filter { $0.name.hasSuffix(".mustache") }.map { (String($0.name.dropLast(9)), $0.text) },
                uniquingKeysWith: { first, _ in first }))
        try names.check("page", PageView.fields)
        try names.check("index", IndexView.fields)
        let own = names.files.keys.filter { name in !BuiltInTemplates.all.contains { $0.name == "\(name).mustache" } }
        if let odd = own.sorted().first(where: { !names.used.contains($0) }) {
            let known = BuiltInTemplates.all.map(\.name)
            throw TemplateError(
                file: "\(odd).mustache", line: nil,
                problem: "no page includes it; "
                    + (Suggestion.question(Suggestion.closest(to: "\(odd).mustache", among: known))
                        ?? "our templates are \(known.joined(separator: ", "))"))
        }
        self.library = library
        self.css = css
        self.script = script
    }

    /// The page of a view.
    func render(_ view: PageView) -> String {
        rendered(view, "page")
    }

    /// The page of an index.
    func render(_ view: IndexView) -> String { rendered(view, "index") }

    private func rendered(_ view: Any, _ template: String) -> String {
        guard let page = library.render(ViewParts.value(view) ?? view, withTemplate: template) else {
            preconditionFailure("the template '\(template)' is registered when templates are read")
        }
        return page
    }

    /// The style sheet that a project may add to ours.
    private static let extra = "extra.css"

    /// Every template in a folder, by name.
    private static func files(in folder: String) throws(TemplateError) -> [(name: String, text: String)] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw TemplateError(file: folder, line: nil, problem: "the folder of templates cannot be read")
        }
        var files: [(name: String, text: String)] = []
        for name in names where [".mustache", ".css", ".js"].contains(where: name.hasSuffix) {
            if name.hasSuffix(".js"), name != BuiltInTemplates.script.name {
                throw TemplateError(
                    file: name, line: nil, problem: "no page uses it; the script is '\(BuiltInTemplates.script.name)'")
            }
            if name.hasSuffix(".css"), name != BuiltInTemplates.theme.name, name != extra {
                throw TemplateError(
                    file: name, line: nil,
                    problem:
                        "no page uses it; the style sheet is '\(BuiltInTemplates.theme.name)', and '\(extra)' adds to it"
                )
            }
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                throw TemplateError(file: name, line: nil, problem: "it cannot be read")
            }
            guard let text = String(validating: data, as: UTF8.self) else {
                throw TemplateError(file: name, line: nil, problem: "it is not UTF-8 text")
            }
            files.append((name, text))
        }
        return files
    }
}

/// A view's parts by name, read once: Mustache alone would reflect on a view again for each tag inside it.
private final class ViewParts: MustacheParent {
    private let parts: [String: Any]

    private init(_ view: Mirror) {
        parts = Dictionary(
            view.children.compactMap { part in
                guard let name = part.label, let value = Self.value(part.value) else { return nil }
                return (name, value)
            }, uniquingKeysWith: { first, _ in first })
    }

    func child(named name: String) -> Any? { parts[name] }

    /// A view, a list of them, or a text, number or flag as it is; nil for an optional without a value.
    static func value(_ value: Any) -> Any? {
        if value is String || value is Bool || value is Int { return value }
        let mirror = Mirror(reflecting: value)
        return switch mirror.displayStyle {
        case .optional: mirror.children.first.flatMap { Self.value($0.value) }
        case .collection: mirror.children.compactMap { Self.value($0.value) }
        default: ViewParts(mirror)
        }
    }
}
