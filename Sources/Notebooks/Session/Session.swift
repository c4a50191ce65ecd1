import Foundation
import Markdown

/// A notebook that is read, bound and run again and again while its author works on it.
///
///     var session = Session(catalogue: .standard, project: project)
///     let analysis = session.update(source)
///     let evaluation = session.run { event in … }
///
/// Checking, rendering, explaining and editors all stand on it.
public struct Session: Sendable {
    private let catalogue: Catalogue
    private let project: Project
    private let overrides: [(String, String)]
    private let folder: String
    private let checksFiles: Bool
    private let point: String
    /// What is known of the text given last.
    public private(set) var analysis: Analysis

    /// A session without a text.
    /// - Parameters:
    ///   - catalogue: the commands that blocks may use.
    ///   - project: how the notebook's paths are resolved.
    ///   - overrides: names and texts of `-P name=value`.
    ///   - folder: the folder to which a path among the overrides is relative; the current one by default.
    ///   - checksFiles: whether files, pictures and models that the notebook names are looked for; kept results need none.
    ///   - point: the point of a sweep that the overrides make, `adapter=a,seed=1`; empty outside a sweep.
    public init(
        catalogue: Catalogue, project: Project, overrides: [(String, String)] = [], folder: String? = nil,
        checksFiles: Bool = true, point: String = ""
    ) {
        self.catalogue = catalogue
        self.project = project
        self.overrides = overrides
        self.folder = folder ?? Project.currentFolder
        self.checksFiles = checksFiles
        self.point = point
        analysis = Analysis(
            notebook: Notebook.parse(SourceText(name: "notebook.md", text: "")), project: project, point: point,
            parameters: [], document: Document(name: "notebook.md", title: [], parts: []), prose: ProseReferences(),
            problems: Diagnostics([]), textFiles: [], absentFiles: [])
    }

    /// Reads and binds a text: what is bound, and every problem with its place; never stops at the first.
    /// - Parameter unsaved: texts that count instead of the files at these paths, symbolic links resolved, where the notebook includes
    ///   them: what an editor holds and has not saved.
    @discardableResult public mutating func update(
        _ source: SourceText, unsaved: [String: [UInt8]] = [:]
    ) -> Analysis {
        let binder = Binder(
            catalogue: catalogue, overrides: overrides, folder: folder, checksFiles: checksFiles, point: point)
        analysis = binder.analysis(of: Notebook.parse(source, project: project, unsaved: unsaved), in: project)
        return analysis
    }

    /// Runs every block that is stale, in document order. After a block that fails, it runs those that do not need it.
    /// - Parameters:
    ///   - keeper: where results are kept between runs; nil to keep nothing.
    ///   - shard: this task's share of the work, where several tasks share it; nil to do all of it.
    ///   - allowing: says whether a stale block may be computed.
    ///   - observer: called with each event, on the thread that it happens on.
    public func run(
        _ policy: Policy = Policy(), keeping keeper: (any ResultKeeping)? = nil, shard: Shard? = nil,
        resources: Resources = Resources(), cancellation: Cancellation = Cancellation(),
        allowing permission: Permission = .everything,
        on observer: @escaping @Sendable (Event) -> Void = { _ in }
    ) -> Evaluation {
        SessionRun(
            analysis: analysis, policy: policy, keeper: keeper, resources: resources, cancellation: cancellation,
            shard: shard, permission: permission, observer: observer
        ).evaluation()
    }

    /// How every bound block stands to a store, in document order; nothing runs.
    /// - Throws: what keeps a block's inputs from being digested, and problems of the store.
    public func states(keeping keeper: (any ResultKeeping)?) throws(Diagnostics) -> [BlockState] {
        try BlockStates(analysis: analysis, keeper: keeper, isFrozen: false).all()
    }
}

extension Session {
    /// What happens on the way, for progress lines.
    public enum Event: Sendable, Equatable {
        /// `index` counts the blocks from 0.
        case blockStarted(id: String, command: String, index: Int, count: Int)
        case progress(id: String, Progress)
        /// A part of a long result was finished, or was there already.
        case unit(id: String, name: String, isKept: Bool)
        /// `isKept` tells whether the result came from the store; `failedClaims` is 0 for every block but `{expect}`.
        case blockFinished(id: String, isKept: Bool, failedClaims: Int)
        /// The block gave no result, for the reasons told.
        case blockFailed(id: String, BlockFailure)
    }

    /// Which kept results may be used.
    public struct Policy: Sendable, Equatable {
        /// Which blocks are computed although their results are kept.
        public enum Fresh: Sendable, Equatable {
            case none, all
            case blocks(Set<String>)
        }

        /// True when nothing may run, and a block without a kept result fails.
        public var isFrozen: Bool
        /// Which blocks are computed again.
        public var fresh: Fresh

        /// By default a block runs when its result is not kept.
        public init(isFrozen: Bool = false, fresh: Fresh = .none) {
            self.isFrozen = isFrozen
            self.fresh = fresh
        }

        func isFresh(_ id: String) -> Bool {
            switch fresh {
            case .none: false
            case .all: true
            case .blocks(let ids): ids.contains(id)
            }
        }
    }
}
