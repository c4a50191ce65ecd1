import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc

    /// Waits until the system reports a change in one of some folders.
    final class FolderNotice: Sendable {
        private let queue: Int32
        /// A pipe: what is written to its second end ends a wait.
        private let (reading, writing): (Int32, Int32)
        /// The watch of each folder.
        private let folders = Mutex<[String: Int32]>([:])

        init() {
            queue = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            var ends: [Int32] = [-1, -1]
            _ = pipe(&ends)
            for end in ends {
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            }
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            for descriptor in [queue, reading, writing] { close(descriptor) }
        }

        private static let events = UInt32(
            IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
                | IN_ONLYDIR)

        /// Watches these folders and no others; paths that are no folders are left out.
        func watch(_ paths: Set<String>) {
            folders.withLock { folders in
                for (path, watch) in folders where !paths.contains(path) {
                    inotify_rm_watch(queue, watch)
                    folders[path] = nil
                }
                for path in paths where folders[path] == nil {
                    let watch = inotify_add_watch(queue, path, Self.events)
                    if watch >= 0 { folders[path] = watch }
                }
            }
        }

        /// Ends a wait.
        func wake() { _ = write(writing, [0], 1) }

        /// Returns when something was reported, or after a time. A folder that was replaced is watched again.
        func wait(seconds: TimeInterval) {
            var files = [queue, reading].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = poll(&files, nfds_t(files.count), Int32(seconds * 1000))
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(reading, &buffer, buffer.count) > 0 {}
            while case let count = read(queue, &buffer, buffer.count), count > 0 { renew(buffer.prefix(count)) }
        }

        /// Forgets watches that the system has ended, so that the next call of `watch` sets them again.
        private func renew(_ events: ArraySlice<UInt8>) {
            var offset = 0
            while offset + MemoryLayout<inotify_event>.size <= events.count {
                let event = events.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self) }
                if event.mask & UInt32(IN_IGNORED | IN_MOVE_SELF) != 0 {
                    folders.withLock { folders in folders = folders.filter { $0.value != event.wd } }
                }
                offset += MemoryLayout<inotify_event>.size + Int(event.len)
            }
        }
    }
#else
    /// Waits: this system is not asked for reports, so files are read at intervals.
    final class FolderNotice: Sendable {
        private let wakening = DispatchSemaphore(value: 0)

        /// There is nothing to prepare.
        func watch(_ paths: Set<String>) {}

        /// Ends a wait.
        func wake() { wakening.signal() }

        /// Returns after a fifth of the time: looking is all there is here.
        func wait(seconds: TimeInterval) { _ = wakening.wait(timeout: .now() + seconds / 5) }
    }
#endif
