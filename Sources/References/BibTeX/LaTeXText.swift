import Foundation
import Maths

/// Reads the LaTeX of a BibTeX field: accents, letters, quotation marks, dashes, styles and formulas.
struct LaTeXText {
    static let deepest = 40

    private let value: BibTeXFile.Value
    private var place = 0
    private var depth = 0
    private(set) var problems: [BibliographyProblem] = []

    init(_ value: BibTeXFile.Value) { self.value = value }

    /// The whole text.
    mutating func text() -> RichText {
        var text = RichText()
        while place < value.bytes.count {
            group(.plain, &text)
            // A brace too many cannot be: braces of a value are balanced.
            place += 1
        }
        return text
    }

    /// What stands up to the next closing brace, which is left.
    private mutating func group(_ style: RichText.Style, _ text: inout RichText) {
        var style = style
        while place < value.bytes.count {
            let start = place
            switch value.bytes[place] {
            case UInt8(ascii: "}"): return
            case UInt8(ascii: "{"):
                guard enter() else { return }
                group(style, &text)
                leave()
            case UInt8(ascii: "\\"): command(&style, &text)
            case UInt8(ascii: "$"): formula(&text)
            case UInt8(ascii: "~"):
                place += 1
                text.add("\u{A0}", style)
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                skipBlanks()
                text.add(" ", style)
            case UInt8(ascii: "-"): text.add(["-", "–", "—"][run(of: UInt8(ascii: "-"), atMost: 3) - 1], style)
            case UInt8(ascii: "`"): text.add(["‘", "“"][run(of: UInt8(ascii: "`"), atMost: 2) - 1], style)
            case UInt8(ascii: "'"): text.add(["’", "”"][run(of: UInt8(ascii: "'"), atMost: 2) - 1], style)
            default:
                while place < value.bytes.count, !"}{\\$~ \t\n\r-`'".utf8.contains(value.bytes[place]) { place += 1 }
                text.add(String(decoding: value.bytes[start..<place], as: UTF8.self), style)
            }
        }
    }

    private mutating func enter() -> Bool {
        depth += 1
        guard depth <= Self.deepest else {
            problems.append(BibliographyProblem(.tooDeep, value.range(place..<(place + 1))))
            place = value.bytes.count
            return false
        }
        place += 1
        return true
    }

    private mutating func leave() {
        depth -= 1
        place += 1
    }

    private mutating func run(of byte: UInt8, atMost count: Int) -> Int {
        let start = place
        while place < value.bytes.count, value.bytes[place] == byte, place - start < count { place += 1 }
        return place - start
    }

    private mutating func skipBlanks() {
        while place < value.bytes.count, " \t\r\n".utf8.contains(value.bytes[place]) { place += 1 }
    }

    // MARK: Commands

    private mutating func command(_ style: inout RichText.Style, _ text: inout RichText) {
        let start = place
        let name = name()
        if let letter = Self.letters[name] {
            text.add(letter, style)
        } else if let mark = Self.accents[name] {
            text.add(accented(mark), style)
        } else if let inner = Self.styles[name] {
            argument(inner == .plain ? style : inner, &text)
        } else if let rest = Self.switches[name] {
            style = rest
        } else if name == "enquote" || name == "mkbibquote" {
            text.add("“", style)
            argument(style, &text)
            text.add("”", style)
        } else if name == "href" {
            var address = RichText()
            argument(.plain, &address)
            argument(style, &text)
        } else if name == "noopsort" || name == "hspace" {
            var left = RichText()
            argument(.plain, &left)
        } else {
            problems.append(BibliographyProblem(.unknownCommand("\\" + name), value.range(start..<place)))
        }
    }

    /// The name after a backslash, with the blanks that end it.
    private mutating func name() -> String {
        place += 1
        let start = place
        func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
        while place < value.bytes.count, isLetter(value.bytes[place]) { place += 1 }
        if place == start, place < value.bytes.count {
            place += 1
            while place < value.bytes.count, value.bytes[place] & 0xC0 == 0x80 { place += 1 }
            return String(decoding: value.bytes[start..<place], as: UTF8.self)
        }
        let name = String(decoding: value.bytes[start..<place], as: UTF8.self)
        skipBlanks()
        return name
    }

    /// A group, or the next letter.
    private mutating func argument(_ style: RichText.Style, _ text: inout RichText) {
        skipBlanks()
        guard place < value.bytes.count, value.bytes[place] != UInt8(ascii: "}") else { return }
        switch value.bytes[place] {
        case UInt8(ascii: "{"):
            guard enter() else { return }
            group(style, &text)
            leave()
        case UInt8(ascii: "\\"):
            var inner = style
            guard depth < Self.deepest else { return }
            depth += 1
            command(&inner, &text)
            depth -= 1
        default:
            let start = place
            place += 1
            while place < value.bytes.count, value.bytes[place] & 0xC0 == 0x80 { place += 1 }
            text.add(String(decoding: value.bytes[start..<place], as: UTF8.self), style)
        }
    }

    private mutating func accented(_ mark: String) -> String {
        var base = RichText()
        argument(.plain, &base)
        var letters = base.plainText.unicodeScalars
        if letters.isEmpty { letters.append(" ") }
        // A dotless i or j under an accent is the letter with that accent.
        let head = letters.removeFirst()
        let first: Unicode.Scalar = head == "ı" ? "i" : head == "ȷ" ? "j" : head
        return (String(first) + mark + String(String.UnicodeScalarView(letters))).precomposedStringWithCanonicalMapping
    }

    private mutating func formula(_ text: inout RichText) {
        let start = place + 1
        guard let end = value.bytes[start...].firstIndex(of: UInt8(ascii: "$")) else {
            problems.append(BibliographyProblem(.unclosed("a formula"), value.range(place..<start)))
            place = value.bytes.count
            return
        }
        let (formula, found) = MathFormula.read(
            String(decoding: value.bytes[start..<end], as: UTF8.self), isDisplay: false)
        for problem in found {
            let range = (start + problem.range.lowerBound)..<(start + problem.range.upperBound)
            problems.append(BibliographyProblem(.badFormula(problem.description), value.range(range)))
        }
        text.add(.formula(formula))
        place = end + 1
    }

    // MARK: Tables

    private static let accents = [
        "`": "\u{300}", "'": "\u{301}", "^": "\u{302}", "~": "\u{303}", "=": "\u{304}", "u": "\u{306}", ".": "\u{307}",
        "\"": "\u{308}", "r": "\u{30A}", "H": "\u{30B}", "v": "\u{30C}", "d": "\u{323}", "c": "\u{327}", "k": "\u{328}",
        "b": "\u{331}", "G": "\u{30F}", "t": "\u{361}",
    ]
    private static let letters = [
        "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
        "AA": "Å",
        "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
        "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", " ": " ", "\\": " ", ",": "\u{2009}",
        "-": "",
        "/": "", "!": "", "@": "", "newblock": "", "relax": "", "slash": "/", "S": "§", "P": "¶", "pounds": "£",
        "copyright": "©", "textcopyright": "©", "textregistered": "®", "texttrademark": "™", "textdegree": "°",
        "ldots": "…", "dots": "…", "textellipsis": "…", "textendash": "–", "textemdash": "—", "textquoteleft": "‘",
        "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "guillemotleft": "«",
        "guillemotright": "»", "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\", "textbar": "|",
        "textless": "<", "textgreater": ">", "textunderscore": "_", "textbullet": "•", "textmu": "µ", "euro": "€",
        "texteuro": "€", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e",
    ]
    /// Commands whose argument has a style; plain for those that change nothing.
    private static let styles: [String: RichText.Style] = [
        "emph": .italic, "textit": .italic, "textsl": .italic, "mkbibemph": .italic, "textbf": .bold, "texttt": .code,
        "url": .plain, "textsuperscript": .superscript, "textsubscript": .subscript, "text": .plain, "textrm": .plain,
        "textnormal": .plain, "textsf": .plain, "textsc": .plain, "mbox": .plain, "textup": .plain, "uppercase": .plain,
        "MakeUppercase": .plain, "MakeLowercase": .plain, "NoCaseChange": .plain, "protect": .plain,
    ]
    private static let switches: [String: RichText.Style] = [
        "em": .italic, "it": .italic, "itshape": .italic, "sl": .italic, "bf": .bold, "bfseries": .bold, "tt": .code,
        "ttfamily": .code, "sc": .plain, "scshape": .plain, "rm": .plain, "normalfont": .plain, "sf": .plain,
    ]
}
