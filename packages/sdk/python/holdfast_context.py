"""
Puts the active span's trace context into the environment of every program that this process starts, in TRACEPARENT and
TRACESTATE (https://opentelemetry.io/docs/specs/otel/context/env-carriers/). A context that the program put there itself,
other than the one that this process was started with, stays. The program's own opentelemetry is asked, where it has
loaded one: this file needs none, and loads none. It imports nothing that Python has not loaded by then, but for the C part of
`subprocess`, so that a program starts as quickly as without it.
"""

import os
import sys


def pass_context_on(folder):
    """`folder`: where this file lies. It stays first on PYTHONPATH of Python programs that are started, so that it is loaded there."""
    carrier = _Carrier(os.environb.get(b"TRACEPARENT"), os.fsencode(folder))
    _wrap_fork_exec(carrier)
    for name, at, wrapper in (
        ("posix_spawn", 2, _with_environment),
        ("posix_spawnp", 2, _with_environment),
        ("execve", 2, _with_environment),
    ):
        _replace(os, name, wrapper(carrier, getattr(os, name, None), at))
    _replace(os, "execv", _exec_with(carrier, os.execve))
    _replace(os, "system", _in_own_environment(carrier, os.system))


class _Carrier(object):
    def __init__(self, inherited, folder):
        self.inherited = inherited
        self.folder = folder

    def added(self, env):
        """What the environment of a program, as a mapping of bytes, is to have besides or instead: nothing where it is right as it is."""
        added = {}
        paths = env.get(b"PYTHONPATH", b"").split(b":")
        # A launcher that puts its own first would be the only one that is loaded; ours loads the next.
        if self.folder in paths[1:]:
            added[b"PYTHONPATH"] = b":".join([self.folder] + [path for path in paths if path != self.folder])
        span = _active_span()
        if span is not None and env.get(b"TRACEPARENT", self.inherited) == self.inherited:
            added[b"TRACEPARENT"], added[b"TRACESTATE"] = span
        return added


def _active_span():
    """traceparent and tracestate of the span that the running code is part of; None where there is none."""
    try:
        trace = sys.modules.get("opentelemetry.trace")
        if trace is None:
            return None
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return None
        parent = "00-%032x-%016x-%02x" % (context.trace_id, context.span_id, context.trace_flags & 0xFF)
        state = context.trace_state.to_header() if context.trace_state else ""
        return parent.encode("ascii"), state.encode("latin-1")
    except Exception:
        # A foreign or half-loaded opentelemetry: as if no span were active.
        return None


def _wrap_fork_exec(carrier):
    """`subprocess`, asyncio's subprocesses and the spawned children of multiprocessing all end here, with the environment as a list."""
    import _posixsubprocess

    original = _posixsubprocess.fork_exec

    def fork_exec(*args):
        try:
            env_list = args[5]
            if env_list is None or isinstance(env_list, (list, tuple)):
                env = dict(os.environb) if env_list is None else dict(pair.split(b"=", 1) for pair in env_list)
                added = carrier.added(env)
                if added:
                    changed = [name + b"=" + value for name, value in _changed(env, added).items()]
                    args = args[:5] + (changed,) + args[6:]
        except Exception:
            # The program starts without a context of its own, as it would have without us.
            pass
        return original(*args)

    _replace(_posixsubprocess, "fork_exec", fork_exec)
    loaded = sys.modules.get("subprocess")
    if getattr(loaded, "_fork_exec", None) is original:
        loaded._fork_exec = fork_exec


def _with_environment(carrier, original, at):
    """For a function that takes a mapping at this place of its arguments."""
    if original is None:
        return None

    def wrapped(*args, **named):
        if len(args) > at:
            args = args[:at] + (_carried(carrier, args[at]),) + args[at + 1 :]
        elif "env" in named:
            named["env"] = _carried(carrier, named["env"])
        return original(*args, **named)

    return wrapped


def _exec_with(carrier, execve):
    """This process becomes another program in its own environment, which a failed try must leave as it is."""
    original = os.execv

    def execv(path, argv):
        env = _carried(carrier, None)
        return original(path, argv) if env is None else execve(path, argv, env)

    return execv


def _in_own_environment(carrier, original):
    """The shell is started in the environment as C has it, which is changed for the length of the call; `os.environ` never is."""

    def system(command):
        added = {}
        try:
            added = carrier.added(dict(os.environb))
        except Exception:
            # As above.
            pass
        try:
            for name, value in added.items():
                _put(name, value)
            return original(command)
        finally:
            for name in added:
                _put(name, os.environb.get(name, b""))

    return system


def _put(name, value):
    if value == b"":
        os.unsetenv(name)
    else:
        os.putenv(name, value)


def _carried(carrier, env):
    """A copy of the mapping with what is to be added; the same where that is nothing, or where it is no mapping of text or bytes."""
    try:
        own = os.environb if env is None else env
        known = {os.fsencode(name): os.fsencode(value) for name, value in own.items()}
        added = carrier.added(known)
        return _changed(known, added) if added else env
    except Exception:
        # What it was given is for the original to refuse.
        return env


def _changed(env, added):
    changed = dict(env)
    changed.update(added)
    # An empty state is none.
    return {name: value for name, value in changed.items() if name != b"TRACESTATE" or value != b""}


def _replace(holder, name, wrapped):
    """The wrapper looks like what it wraps."""
    original = getattr(holder, name, None)
    if wrapped is None or original is None:
        return
    wrapped.__name__ = name
    wrapped.__qualname__ = name
    wrapped.__doc__ = original.__doc__
    wrapped.__wrapped__ = original
    setattr(holder, name, wrapped)
