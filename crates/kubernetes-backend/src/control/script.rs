//! The script that signals a job's processes from inside their container.
//!
//! It needs a shell and nothing else: `read`, `kill` and `case` are its own. The container's main process is found
//! - in a shared process namespace, by its parent being 0 and its control group the script's own: its number is not fixed,
//!   and side-cars are in other groups;
//! - in a namespace of its own, as number 1, if that has the script's own control group: with the host's processes in view
//!   it is another's;
//! - where pods are plain processes of a host (their host name is only in the environment), by the variables that mark
//!   it. The other rules would find the host's own processes there, so they are never tried.

use crate::annotation;

/// What is sent, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// To the main process and its group: end.
    Term,
    /// To the main process, with which all others of the container end: at once.
    Kill,
    /// To all of its session: stand still.
    Stop,
    /// To all of its session: go on.
    Cont,
}

impl Signal {
    fn name(self) -> &'static str {
        match self {
            Self::Term => "TERM",
            Self::Kill => "KILL",
            Self::Stop => "STOP",
            Self::Cont => "CONT",
        }
    }
}

/// Which processes the containers of a pod see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    /// All of the pod.
    Shared,
    /// Their own. The main process is number 1 there, and of signals from inside it gets only those that it handles.
    Own,
}

impl Namespace {
    fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Own => "own",
        }
    }
}

/// The script's exit code when there is no process to signal.
pub(super) const NO_PROCESS: i32 = 3;
/// Its exit code when the main process has not got the signal, for it is number 1 and has no handler. Its children have.
pub(super) const ONLY_CHILDREN: i32 = 4;
/// Its exit code when that process has no children either.
pub(super) const NO_HANDLER: i32 = 5;

/// `s` signal, `h` pod, `c` container, `v` view; `$2 $3 $4` of a process's stat after its name: parent, group, session.
/// In `SigCgt` and `SigIgn`, SIGTERM is the third bit of the fourth digit from the right.
const SCRIPT: &str = r#"
s=$1 h=$2 c=$3 v=$4 n='
' t=
marked() {
  e=$n$(tr '\0' '\n' <"$1/environ" 2>/dev/null)$n
  case $e in *"${n}HOSTNAME=$h$n"*) ;; *) return 1 ;; esac
  case $e in *"${n}CONTAINER_NAME=$c$n"*) return 0 ;; *) return 1 ;; esac
}
stat() { { read -r l <"$1/stat"; } 2>/dev/null && l=${l##*) }; }
term() { w=${1%???}; case ${w#"${w%?}"} in [4567cdefCDEF]) return 0 ;; *) return 1 ;; esac; }
read -r host </proc/sys/kernel/hostname
read -r g </proc/self/cgroup
if [ -n "$CONTAINER_ID" ] && [ -z "$CONTAINER_NAME" ] && [ "$host" != "$HOSTNAME" ]; then
  for d in /proc/[0-9]*; do
    p=${d#/proc/}
    stat "$d" || continue
    set -- $l
    [ "$4" = "$p" ] && marked "$d" && ! marked "/proc/$2" && t="$t $p"
  done
elif [ "$v" = own ]; then
  { read -r o </proc/1/cgroup; } 2>/dev/null && [ "$o" = "$g" ] || exit 3
  caught= ignored= children=
  while read -r k w; do
    case $k in SigCgt:) caught=$w ;; SigIgn:) ignored=$w ;; esac
  done </proc/1/status
  term "$ignored" && exit 0
  if term "$caught"; then kill -TERM 1; exit 0; fi
  for d in /proc/[0-9]*; do
    p=${d#/proc/}
    [ "$p" = 1 ] && continue
    stat "$d" || continue
    set -- $l
    [ "$4" = 1 ] && kill -TERM "$p" 2>/dev/null && children=1
  done
  [ -n "$children" ] && exit 4
  exit 5
else
  for d in /proc/[0-9]*; do
    p=${d#/proc/}
    [ "$p" = 1 ] || [ "$p" = $$ ] && continue
    stat "$d" || continue
    set -- $l
    [ "$2" = 0 ] || continue
    { read -r o <"$d/cgroup"; } 2>/dev/null && [ "$o" = "$g" ] && t="$t $p"
  done
fi
[ -n "$t" ] || exit 3
for m in $t; do
  case $s in
    TERM) kill -TERM -$m 2>/dev/null || kill -TERM $m ;;
    KILL) kill -KILL $m ;;
    *)
      for d in /proc/[0-9]*; do
        stat "$d" || continue
        set -- $l
        [ "$4" = "$m" ] && kill -$s "${d#/proc/}" 2>/dev/null
      done ;;
  esac
done
exit 0
"#;

/// The command for exec. In a namespace of its own only [`Signal::Term`] can be sent.
pub(super) fn command(signal: Signal, namespace: Namespace, pod: &str) -> [&str; 8] {
    ["/bin/sh", "-c", SCRIPT, "signal", signal.name(), pod, annotation::MAIN_CONTAINER, namespace.name()]
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    /// Ends with its test, also when that fails.
    struct Process(Child);

    impl Drop for Process {
        fn drop(&mut self) {
            // It may have ended already.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// A process that is marked as the main one of a container, as where pods are plain processes.
    fn main_process(pod: &str, script: &str) -> Process {
        let child = Command::new("setsid")
            .args(["sh", "-c", script])
            .env("HOSTNAME", pod)
            .env("CONTAINER_NAME", annotation::MAIN_CONTAINER)
            .env("CONTAINER_ID", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Process(child.expect("a process"))
    }

    fn signal(pod: &str, signal: Signal) -> Option<i32> {
        let [program, args @ ..] = command(signal, Namespace::Shared, pod);
        Command::new(program)
            .args(args)
            .env("HOSTNAME", pod)
            .env("CONTAINER_ID", "0")
            .env_remove("CONTAINER_NAME")
            .status()
            .expect("the script runs")
            .code()
    }

    /// The state letter of a process.
    fn state(process: &Process) -> char {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.0.id())).unwrap_or_default();
        stat.rsplit(") ").next().and_then(|rest| rest.chars().next()).unwrap_or('?')
    }

    fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !holds() {
            assert!(Instant::now() < end, "{what}");
            std::thread::yield_now();
        }
    }

    #[test]
    fn only_the_named_pods_process_is_signalled() {
        let mut target = main_process("pod-script-a", "while :; do sleep 1; done");
        let mut other = main_process("pod-script-b", "while :; do sleep 1; done");
        eventually("both run", || state(&target) == 'S' && state(&other) == 'S');
        eventually("it is found", || {
            signal("pod-script-a", Signal::Stop) == Some(0) && state(&target) == 'T'
        });
        assert_eq!(state(&other), 'S');
        assert_eq!(signal("pod-script-a", Signal::Cont), Some(0));
        eventually("it goes on", || state(&target) != 'T');
        assert_eq!(signal("pod-script-a", Signal::Term), Some(0));
        assert!(!target.0.wait().expect("it ended").success());
        assert_eq!(signal("pod-script-a", Signal::Kill), Some(NO_PROCESS), "nobody is left");
        assert_eq!(signal("pod-script-b", Signal::Kill), Some(0));
        assert!(!other.0.wait().expect("it ended").success());
    }
}
