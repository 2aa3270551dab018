import FoundationEssentials
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Kills our children if we are killed without a chance to do so ourselves.
///
/// A socket tells a shell in its own session about every child. When we die in any way, the socket closes and the shell
/// kills the remaining children. (`PR_SET_PDEATHSIG` would not work: it depends on the thread that started a child, and a
/// thread pool ends its threads at any time.)
enum Watchdog {
  /// The socket to write to; nil if no watchdog could be started. Without one, only the cleanup is missing.
  private static let socket = Mutex<Int32?>(start()?.socket)

  static let script = """
    trap '' INT TERM HUP QUIT
    all=' '
    while read -r change group; do
      case $change in
        +) all="$all$group " ;;
        -) all="${all%% $group *} ${all#* $group }" ;;
      esac
    done
    # dash knows no "--" here.
    for group in $all; do kill -9 "-$group"; done 2>/dev/null
    """

  /// Reports that a child started that leads the process group `group`.
  static func began(_ group: pid_t) { tell("+", group) }

  /// Reports that no process of the group is left.
  static func ended(_ group: pid_t) { tell("-", group) }

  private static func tell(_ change: String, _ group: pid_t) {
    socket.withLock { socket in
      guard let descriptor = socket else { return }
      let line = Array("\(change) \(group)\n".utf8)
      // If someone killed the watchdog, SIGPIPE must not kill us.
      if send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) != line.count {
        close(descriptor)
        socket = nil
      }
    }
  }

  /// `POSIX_SPAWN_SETSID`, which the headers define for GNU sources only.
  static let newSession: Int16 = 0x80

  /// Makes a child close all but its standard files. glibc has the function since 2.34, declared for GNU sources only.
  private static func closeOthers(in actions: inout posix_spawn_file_actions_t) {
    typealias AddCloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
    _ = unsafeBitCast(symbol, to: AddCloseFrom.self)(&actions, 3)
  }

  /// Starts a watchdog, which ends when the socket is closed; nil on failure.
  static func start() -> (socket: Int32, process: pid_t)? {
    var ends: [Int32] = [0, 0]
    // SOCK_CLOEXEC is set atomically, so that no child started by another thread inherits an end.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // The watchdog lives as long as we do. If it inherited a pipe of another thread's child, that pipe would not close.
    closeOthers(in: &actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, newSession)
    let arguments = ["sh", "-c", script]
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var child: pid_t = 0
    guard posix_spawn(&child, "/bin/sh", &actions, &attributes, &pointers, environ) == 0 else {
      close(ends[1])
      return nil
    }
    return (ends[1], child)
  }
}
