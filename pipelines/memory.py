"""Memory between stages: what one stage needed is given back before the next one begins."""

from __future__ import annotations

import ctypes
import gc
import sys

import pyarrow as pa


def give_back() -> None:
    """Give memory that is free again back to the system.

    Python, Arrow and the C library each keep what they have freed, and none can use the others'.
    Without this a process of many stages holds the sum of what each stage needed, not the most.
    """
    gc.collect()
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "malloc_trim"):  # of glibc; others give back by themselves
            library.malloc_trim(0)
