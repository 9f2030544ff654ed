"""
Loaded by Python before a program, from a folder that `holdfast run` puts first on PYTHONPATH: what the program starts is
given the trace context of the span that starts it (holdfast_context.py). Then whatever sitecustomize would have been loaded
without us is loaded, in our place. Never fails by itself: a program is never worse off with it.
"""

import os
import sys


def _load_context(here):
    # OpenTelemetry has none of these any more, and so no span.
    if sys.version_info < (3, 8):
        return
    try:
        import holdfast_context

        holdfast_context.pass_context_on(here)
    except Exception:
        # The program starts its programs without a context, as it would have without us.
        pass


def _load_next(here):
    """Raises what the next one raises: Python tells of it as it would have without us."""
    # The path is as it was without us, also for the program itself.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    ours = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401  another one than this
    except ImportError as error:
        # There is no other one. One that lacks something else says so itself.
        if getattr(error, "name", "sitecustomize") != "sitecustomize":
            raise
    finally:
        # Whoever imports this expects something under its name.
        if ours is not None:
            sys.modules.setdefault("sitecustomize", ours)


_here = os.path.dirname(os.path.abspath(__file__))
_load_context(_here)
_load_next(_here)
