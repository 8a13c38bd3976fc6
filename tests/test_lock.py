"""What is installed is what was looked at: every file by its hash, the same versions everywhere."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([A-Za-z0-9_.-]+(?:\[[a-z0-9,-]+\])?==[^\s;\\]+)", re.MULTILINE)


def pinned(name: str) -> list[str]:
    return PINNED.findall((ROOT / name).read_text(encoding="utf-8"))


def test_both_locks_hold_the_same_versions():
    assert sorted(pinned("requirements.hashes")) == sorted(pinned("requirements.lock"))
    assert len(pinned("requirements.lock")) > 200


def test_every_package_is_held_by_a_hash():
    text = (ROOT / "requirements.hashes").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)


def test_licences_are_those_listed_and_allowed():
    ended = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "licences")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert "| pypdfium2 |" in (ROOT / "LICENCES.md").read_text(encoding="utf-8")
