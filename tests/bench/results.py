"""Where a bench writes what it measured: one JSON file each, with machine, versions and date."""

from __future__ import annotations

import json
import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "reports" / "bench"
LIBRARIES = (
    *("pandas", "pyarrow", "scikit-learn", "spacy", "pypdfium2", "pdfplumber", "joblib"),
    *("distributed", "PyMuPDF", "pymupdf4llm", "pdfminer.six", "bertopic"),
)


def machine() -> dict[str, Any]:
    """Say on what was measured, with which versions, when, and how busy the machine was."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in LIBRARIES if (found := _installed(name))},
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load": round(os.getloadavg()[0], 1),
    }


def keep(name: str, values: dict[str, Any], *, folder: Path = FOLDER) -> Path:
    """Write what a bench measured into NAME.json, and on which machine."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    text = json.dumps({"machine": machine(), **values}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def add(name: str, values: dict[str, Any], *, folder: Path = FOLDER) -> Path:
    """Add to what NAME.json holds: for a bench of several tests."""
    path = folder / f"{name}.json"
    held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    held.pop("machine", None)
    return keep(name, {**held, **values}, folder=folder)


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
