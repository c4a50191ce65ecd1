/// The pre-tokenizers that `tokenizer.ggml.pre` of a GGUF file names, by the rules of llama.cpp (`llama-vocab.cpp`).
enum GGUFPreTokenizer: CaseIterable {
    case gpt2, standard, falcon, starcoder, llama3, qwen2, qwen35, tekken, gpt4o
    case deepseekLLM, deepseekCoder, deepseekV3

    /// The names in the file, and whether they mean more than the pre-tokenizer.
    private static let names: [(kind: GGUFPreTokenizer, names: [String])] = [
        (.standard, ["default"]),
        (
            .gpt2,
            [
                "gpt-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "phi-2", "gigachat", "a.x-4.0", "mellum",
                "modern-bert", "exaone4",
            ]
        ),
        (.falcon, ["falcon"]),
        (
            .starcoder,
            ["starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2"]
        ),
        (
            .llama3,
            [
                "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "dbrx",
                "smaug-bpe",
            ]
        ),
        (.qwen2, ["qwen2", "deepseek-r1-qwen", "kormo", "megrez", "stablelm2", "hunyuan", "solar-open", "grok-2"]),
        (.qwen35, ["qwen35"]),
        (.tekken, ["tekken"]),
        (.gpt4o, ["gpt-4o", "llama4", "kanana2", "minimax-m2"]),
        (.deepseekLLM, ["deepseek-llm"]),
        (.deepseekCoder, ["deepseek-coder"]),
        (.deepseekV3, ["deepseek-v3", "hunyuan-dense", "joyai-llm"]),
    ]

    /// Every name that is known.
    static var allNames: [String] { names.flatMap(\.names) }

    /// - Parameter name: `tokenizer.ggml.pre`; a file without it means the default.
    /// - Throws: `TokenizerError.unsupported`.
    init(name: String?) throws(TokenizerError) {
        guard let name else {
            self = .standard
            return
        }
        guard let entry = Self.names.first(where: { $0.names.contains(name) }) else {
            throw .unsupported(place: "tokenizer.ggml.pre", found: name, supported: Self.allNames)
        }
        self = entry.kind
    }

    /// Whether a piece that is a token is that token, whatever its merges say.
    static func ignoresMerges(_ name: String?) -> Bool {
        switch name {
        case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "tekken": true
        default: false
        }
    }

    /// Whether a sequence begins with the beginning-of-sequence token where the file does not say.
    static func addsBeginning(_ name: String?) -> Bool {
        // llama.cpp turns on both for the same names.
        ignoresMerges(name)
    }

    /// The steps, each of which cuts the pieces of the one before at what it matches.
    func steps() throws(TokenizerError) -> PreTokenizer {
        var steps: [PreTokenizer] = []
        for pattern in patterns {
            let byLlama = ["L", "M", "N", "P", "S"].reduce(pattern) { pattern, name in
                pattern.replacing("\\p{\(name)}", with: "\\p{\(UnicodeClasses.llamaName(name))}")
            }
            steps.append(try .isolating(byLlama, place: "tokenizer.ggml.pre"))
        }
        steps.append(.byteLevel(addsPrefixSpace: false, pattern: nil))
        return .sequence(steps)
    }

    private var patterns: [String] {
        switch self {
        case .gpt2:
            [PreTokenizer.gpt2Pattern]
        case .standard:
            [#"[\p{P}\$\+<=>\^~\|]+"#, PreTokenizer.gpt2Pattern, #"\p{N}+"#, "[0-9][0-9][0-9]"]
        case .falcon:
            [#"[\p{P}\$\+<=>\^~\|`]+"#, PreTokenizer.gpt2Pattern, "[0-9][0-9][0-9]"]
        case .starcoder:
            [#"\p{N}"#, PreTokenizer.gpt2Pattern]
        case .llama3:
            [Self.words(letters: #"\p{L}"#, digits: #"\p{N}{1,3}"#)]
        case .qwen2:
            [Self.words(letters: #"\p{L}"#, digits: #"\p{N}"#)]
        case .qwen35:
            [Self.words(letters: #"\p{L}\p{M}"#, digits: #"\p{N}"#)]
        case .tekken:
            [Self.cased(contractions: "", digits: #"\p{N}"#)]
        case .gpt4o:
            [Self.cased(contractions: "(?:\(Self.contractions))?", digits: #"\p{N}{1,3}"#)]
        case .deepseekLLM:
            [
                #"[\r\n]"#, #"\s?[\#(Self.casedLetters)]+"#, #"\s?[!-/:-~！-／：-～‘-‟、。]+"#, #"\s+\z"#, Self.ideographs,
                #"\p{N}+"#,
            ]
        case .deepseekCoder:
            [#"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, Self.ideographs, #"\p{N}"#]
        case .deepseekV3:
            [
                #"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+",
                ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
                    + #"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
            ]
        }
    }

    /// English contractions in either case; `(?i:'s)` would also take U+017F, which llama.cpp does not.
    private static let contractions = "'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]"

    /// The pattern of Llama 3 and Qwen 2 and 3.5, which differ in what belongs to a word and how many digits stay together.
    private static func words(letters: String, digits: String) -> String {
        #"(?:\#(contractions))|[^\r\n\p{L}\p{N}]?[\#(letters)]+|\#(digits)"#
            + #"| ?[^\s\#(letters)\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    /// The pattern of Tekken and GPT-4o, which also cuts where the case of ASCII letters changes.
    private static func cased(contractions: String, digits: String) -> String {
        let upper = #"[\p{L}&&[^a-z]]"#
        let lower = #"[\p{L}&&[^A-Z]]"#
        return
            #"[^\r\n\p{L}\p{N}]?\#(upper)*\#(lower)+\#(contractions)|[^\r\n\p{L}\p{N}]?\#(upper)+\#(lower)*\#(contractions)"#
            + #"|\#(digits)| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    /// To llama.cpp white space beyond ASCII is in no range of scalars.
    private static let ideographs = #"[一-龥ࠀ-一가-퟿&&\S]+"#

    /// The letters with case of DeepSeek's first tokenizer, as its `tokenizer.json` lists them.
    private static let casedLetters =
        #"A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\x{1F7D}ᾀ-ᾴᾶ-ᾼ\x{1FBE}ῂ-ῄῆ-ῌῐ-\"#
        + #"x{1FD3}ῖ-\x{1FDB}ῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\x{2126}ℨ\x{212A}-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"#
}
