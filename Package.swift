// swift-tools-version: 6.2
import PackageDescription

/// Every dependency between modules is drawn here and nowhere else; the build runs with
/// `--explicit-target-dependency-import-check error`, so an undeclared import does not compile.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]

func module(_ name: String, _ needs: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: needs, swiftSettings: strict)
}

/// The tests of a module, which see what any other module sees of it.
func tests(_ module: String, _ needs: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(module)Tests", dependencies: [.init(stringLiteral: module)] + needs, path: "Tests/\(module)",
        swiftSettings: strict)
}

/// What a page is made of; `templates/BuiltInTemplates.swift` names each again.
let templateFiles = [
    "page.mustache", "head.mustache", "contents.mustache", "block.mustache", "figure.mustache", "table.mustache",
    "grid.mustache", "front.mustache", "claims.mustache", "checks.mustache", "footer.mustache", "digests.mustache",
    "index.mustache", "controls.mustache", "theme.css", "page.js",
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "patchbook",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "patchbook", targets: ["patchbook"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // C libraries of the system: the only places that name them.
        .systemLibrary(
            name: "CCMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .systemLibrary(
            name: "COniguruma", pkgConfig: "oniguruma",
            providers: [.apt(["libonig-dev"]), .brew(["oniguruma"])]),
        .systemLibrary(
            name: "CUTF8Proc", pkgConfig: "libutf8proc",
            providers: [.apt(["libutf8proc-dev"]), .brew(["utf8proc"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),

        // Shared ground.
        module("JSON"),
        module("Digests", ["CCrypto"]),
        module("Random"),
        module("Values"),

        // The engine.
        // Compiled for several kinds of processor; the program chooses when it starts.
        .target(name: "CKernels"),
        module("Numerics", ["Random", "COpenBLAS", "CKernels"]),
        // What the program was built from.
        .target(name: "CBuild"),
        module("Checkpoints", ["Numerics", "JSON"]),
        module("Tokenizers", ["JSON", "Digests", "COniguruma", "CUTF8Proc"]),
        module("ChatTemplates", ["JSON"]),
        module("Transformers", ["Checkpoints", "Numerics", "JSON"]),
        module("Interventions", ["Transformers", "Numerics", "Random"]),
        module("Preferences", ["Tokenizers", "ChatTemplates", "JSON", "CZlib", "CZstd"]),
        module("Statistics", ["Numerics", "Random"]),

        // The document.
        module("Charts", ["Values"]),
        module("Maths"),
        module("References", ["Maths", "JSON"]),
        module("Markdown", ["CCMark", "Maths", "Values", "JSON", yams]),
        module("Notebooks", ["Markdown", "References", "Charts", "Values", "JSON", "Digests"]),
        module("Store", ["Notebooks", "Values", "JSON", "Digests", grdb, sqlite]),
        .target(
            name: "Templates", path: "templates",
            resources: templateFiles.map { .embedInCode($0) }, swiftSettings: strict),
        module(
            "Reports",
            [
                "Notebooks", "Markdown", "Maths", "References", "Charts", "Values", "Templates", "JSON", "Digests",
                mustache,
            ]),

        // The science: instruments that know no notebook.
        module(
            "Experiments",
            ["Interventions", "Transformers", "Statistics", "Tokenizers", "Numerics", "Random"]),

        // Several runs side by side.
        module("Comparison", ["Notebooks", "Markdown", "Charts", "Values", "Statistics", "JSON", "Digests"]),

        // Where the two meet.
        module(
            "Commands",
            [
                "Experiments", "Notebooks", "Markdown", "Charts", "Values", "Interventions", "Transformers",
                "Checkpoints", "Numerics",
                "Random", "Tokenizers", "ChatTemplates", "JSON",
                "Preferences", "Statistics", "Digests",
            ]),
        .target(
            name: "Preview",
            dependencies: ["Reports", "Notebooks", "Markdown", "JSON", flyingFox, flyingSocks],
            resources: [.embedInCode("Assets/preview.js"), .embedInCode("Assets/preview.css")], swiftSettings: strict),
        module("LanguageServer", ["Notebooks", "Markdown", "References", "Values", "JSON"]),
        .executableTarget(
            name: "patchbook",
            dependencies: [
                "CBuild", "Commands", "Preview", "LanguageServer", "Comparison", "Reports", "Store", "Notebooks",
                "Markdown", "Values",
                "JSON", "Digests",
                argumentParser,
            ],
            swiftSettings: strict),

        // The benchmarks' ways into the engine (`Benchmarks/README.md`).
        .executableTarget(
            name: "sweep", dependencies: ["Interventions", "Transformers", "Checkpoints", "JSON"],
            path: "Benchmarks/Sources/sweep", swiftSettings: strict),
        .executableTarget(
            name: "encode", dependencies: ["Tokenizers"], path: "Benchmarks/Sources/encode", swiftSettings: strict),

        // The tests.
        .target(
            name: "TestSupport", dependencies: ["Notebooks", "Markdown", "Values", "JSON"], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("JSON"),
        tests("Digests"),
        tests("Random", ["JSON", "TestSupport"]),
        tests("Numerics", ["Random", "JSON", "TestSupport"]),
        tests("Checkpoints", ["JSON", "TestSupport"]),
        tests("Tokenizers", ["JSON", "Digests"]),
        tests("ChatTemplates", ["JSON"]),
        tests("Transformers", ["Checkpoints", "Numerics", "Random", "JSON", "TestSupport"]),
        tests("Interventions", ["Transformers", "Checkpoints", "Numerics", "Random", "JSON", "TestSupport"]),
        tests("Preferences", ["ChatTemplates", "JSON"]),
        tests("Statistics", ["Numerics", "Random"]),
        tests(
            "Experiments",
            ["Interventions", "Transformers", "Checkpoints", "Numerics", "Statistics", "JSON", "TestSupport"]),
        tests("Values"),
        tests("Maths"),
        tests("References", ["JSON", "TestSupport"]),
        tests("Charts", ["Values", "TestSupport"]),
        tests("Notebooks", ["Markdown", "References", "Charts", "Values", "JSON", "TestSupport"]),
        tests("Store", ["Notebooks", "Markdown", "Values", "Digests", "TestSupport", grdb]),
        tests(
            "Reports",
            [
                "Notebooks", "Markdown", "Maths", "References", "Charts", "Values", "Templates", "JSON", "Digests",
                "TestSupport",
            ]),
        tests("Comparison", ["Notebooks", "Markdown", "Statistics", "Values", "JSON", "TestSupport"]),
        tests(
            "Commands",
            [
                "Notebooks", "Markdown", "Store", "Charts", "Values", "JSON", "Interventions", "Transformers",
                "TestSupport",
            ]),
        tests("Preview", ["Store", "Reports", "Notebooks", "Markdown", "Values", "JSON", "TestSupport"]),
        // The program itself, run as a user runs it.
        .testTarget(
            name: "CommandLineTests", dependencies: ["JSON", "TestSupport"], path: "Tests/CommandLine",
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
