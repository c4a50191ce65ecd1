import Charts
import Notebooks

/// How a report is cited: as a sentence, and as a BibTeX entry.
struct PageCitation {
    let title: String
    let publication: Publication
    /// The notebook's name without its ending, for a report without authors.
    let name: String

    /// `A. Author and B. Author (2026). Title. https://doi.org/10.1000/182`
    var sentence: String {
        let names = publication.authors.map(\.name)
        let authors =
            names.count > 2
            ? names.dropLast().joined(separator: ", ") + ", and \(names[names.count - 1])"
            : names.joined(separator: " and ")
        let lead = [authors, publication.date.map { "(\($0))" } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        let ending = title.last.map { ".?!".contains($0) } == true ? "" : "."
        let place = publication.doi.map { " https://doi.org/\($0)" } ?? ""
        return (lead.isEmpty ? "" : "\(lead). ") + title + ending + place
    }

    /// An `@misc` entry, with the characters escaped that TeX reads as its own.
    var bibTeX: String {
        var fields = [("title", "{\(Self.escaped(title))}")]
        if !publication.authors.isEmpty {
            fields.append(("author", publication.authors.map { Self.escaped($0.name) }.joined(separator: " and ")))
        }
        if let date = publication.date {
            fields.append(("year", String(date.prefix(4))))
            fields.append(("date", date))
        }
        // A DOI is an address, which BibTeX styles do not read as TeX.
        if let doi = publication.doi { fields.append(("doi", doi)) }
        fields.append(("howpublished", "Patchbook report"))
        return "@misc{\(key),\n" + fields.map { "  \($0.0) = {\($0.1)}" }.joined(separator: ",\n") + "\n}"
    }

    /// `author2026`
    private var key: String {
        let last = publication.authors.first?.name.split(separator: " ").last.map(String.init) ?? name
        let letters = last.lowercased().unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic }
        let word = String(String.UnicodeScalarView(letters))
        return (word.isEmpty ? "report" : word) + (publication.date?.prefix(4) ?? "")
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "\\": out += "\\textbackslash{}"
            case "^": out += "\\textasciicircum{}"
            case "~": out += "\\textasciitilde{}"
            case "{", "}", "$", "&", "#", "_", "%": out += "\\\(character)"
            default: out.append(character)
            }
        }
        return out
    }
}
