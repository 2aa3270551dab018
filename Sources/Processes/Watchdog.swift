import FoundationEssentials
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ends our children when we are killed in a way that leaves us no time to do so.
///
/// A shell in a session of its own is told of every child through a socket. When we die, however we die, the socket ends,
/// and it kills what is left of them. (`PR_SET_PDEATHSIG` would not do: it is about the thread that started a child, and a thread
/// pool ends its threads as it likes.)
enum Watchdog {
  /// The socket to write to; nil where no watchdog could be started. Children are only less tidy without one.
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

  /// A child that leads the process group `group` has started.
  static func began(_ group: pid_t) { tell("+", group) }

  /// Nothing is left of the group.
  static func ended(_ group: pid_t) { tell("-", group) }

  private static func tell(_ change: String, _ group: pid_t) {
    socket.withLock { socket in
      guard let descriptor = socket else { return }
      let line = Array("\(change) \(group)\n".utf8)
      // A watchdog that somebody killed must not end us with SIGPIPE.
      if send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) != line.count {
        close(descriptor)
        socket = nil
      }
    }
  }

  /// `POSIX_SPAWN_SETSID`, which the headers show to GNU sources only.
  static let newSession: Int16 = 0x80

  /// Has a child keep its standard files only. The headers show the function to GNU sources only; glibc 2.34 has it.
  private static func closeOthers(in actions: inout posix_spawn_file_actions_t) {
    typealias AddCloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
    _ = unsafeBitCast(symbol, to: AddCloseFrom.self)(&actions, 3)
  }

  /// Starts a watchdog; nil where that fails. It ends when the socket is closed.
  static func start() -> (socket: Int32, process: pid_t)? {
    var ends: [Int32] = [0, 0]
    // At once, so that no child which another thread starts now inherits an end.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // It lives as long as we do: a pipe that another thread is making for a child of its own would never end.
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
