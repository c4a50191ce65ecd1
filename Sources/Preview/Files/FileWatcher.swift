import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Tells which files and folders have changed, by their size, time and number.
///
/// It looks as soon as the system reports something in a folder, and every second besides: network disks report nothing. A folder has
/// changed when a file right inside it has, or a name is new or gone.
package final class FileWatcher: Sendable {
    private struct State {
        var marks: [String: FileMark?] = [:]
        /// Changes that were not reported yet.
        var changed: Set<String> = []
        var isTelling = false
    }

    private let state = Mutex(State())
    private let notice: FolderNotice
    private let tell: @Sendable (Set<String>) async -> Void

    /// Starts to watch; nothing yet.
    /// - Parameters:
    ///   - interval: how often to look where the system says nothing, in seconds.
    ///   - tell: called with the paths that have changed, never twice at once.
    package init(every interval: TimeInterval = 1, tell: @escaping @Sendable (Set<String>) async -> Void) {
        self.tell = tell
        notice = FolderNotice()
        Thread.detachNewThread { [weak self, notice] in
            while self != nil {
                notice.wait(seconds: interval)
                self?.look()
            }
        }
    }

    /// Watches these paths and no others.
    /// - Parameter since: when they were read; what changed after that counts as a change.
    package func watch(_ paths: Set<String>, since: Date) {
        let isChanged = state.withLock { state in
            state.marks = state.marks.filter { paths.contains($0.key) }
            for path in paths where state.marks[path] == nil {
                let mark = FileMark(path)
                if let mark, mark.time > since { state.changed.insert(path) }
                state.marks[path] = .some(mark)
            }
            return !state.changed.isEmpty
        }
        // Saving often puts a new file in the place of the old one, so only a watch on the folder notices it.
        notice.watch(Set(paths.flatMap { [$0, ($0 as NSString).deletingLastPathComponent] }))
        if isChanged { notice.wake() }
    }

    /// What has changed since this was asked last; nil for nothing.
    private func next() -> Set<String>? {
        state.withLock { state in
            defer { state.changed = [] }
            state.isTelling = !state.changed.isEmpty
            return state.changed.isEmpty ? nil : state.changed
        }
    }

    private func look() {
        let mustTell = state.withLock { state in
            for (path, mark) in state.marks {
                let now = FileMark(path)
                guard now != mark else { continue }
                state.marks[path] = .some(now)
                state.changed.insert(path)
            }
            guard !state.isTelling, !state.changed.isEmpty else { return false }
            state.isTelling = true
            return true
        }
        guard mustTell else { return }
        Task {
            while let changed = next() { await tell(changed) }
        }
    }
}

/// How a file or a folder looks from outside.
struct FileMark: Equatable {
    private let looks: [String]
    /// When it last changed.
    let time: Date

    /// The mark of what lies at a path; nil where nothing does.
    init?(_ path: String) {
        guard let own = Self.looks(path) else { return nil }
        var looks = [own.text]
        var time = own.time
        if own.isFolder {
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
                guard let entry = Self.looks("\(path)/\(name)"), !entry.isFolder else { continue }
                looks.append("\(name) \(entry.text)")
                time = max(time, entry.time)
            }
        }
        self.looks = looks
        self.time = time
    }

    private static func looks(_ path: String) -> (text: String, time: Date, isFolder: Bool)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        // A folder's own time changes with files that nobody asked about, such as an editor's copies.
        let text = isFolder ? "folder" : "\(status.st_size) \(time.tv_sec).\(time.tv_nsec) \(status.st_ino)"
        let date = Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
        return (text, isFolder ? .distantPast : date, isFolder)
    }
}
