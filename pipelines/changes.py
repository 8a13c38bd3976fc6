"""Change the codebook or the catalogue of a project: entries and recorded steps, checked first.

What comes of a change is loaded before anything is written: a change that does not fit leaves the
project as it was. The shipped files are never written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pipelines.catalogue import Subject, issue_id, load_catalogue
from pipelines.codebook import Theme, load_codebook
from pipelines.durable import locked, unlinked, write_text
from pipelines.errors import SettingsError
from pipelines.project import (
    Layers,
    Project,
    layers_held,
    project_in_use,
    read_project,
    remember,
)
from pipelines.project.layers import CHANGES, CODEBOOK, FILES, ISSUES, SETTINGS
from pipelines.project.steps import ISSUE, MERGE, RENAME, SPLIT, THEME, changes_of, step_lines
from pipelines.records import Polarity
from pipelines.today import today

_LOCK: Final = ".changes.lock"
_WAIT: Final = 20.0  # seconds for another command that changes the project
_FILE: Final = {THEME: CODEBOOK, ISSUE: ISSUES}
_SETTINGS_TEXT: Final = """\
# The project {name}: what differs from what is shipped, and this team's labels, answers and models.
name = {quoted}

# "shipped": the shipped themes and issues, with what codebook.toml and issues.toml add or change.
# "own": only those of codebook.toml and issues.toml. issues = "none" does without issues.
themes = "{themes}"
issues = "{issues}"
"""
_CODEBOOK_TEXT: Final = """\
# Themes of this project. One with the slug of a shipped theme changes the keys that it gives and
# adds to its phrases; all others are new.
"""
_OWN_TEXT: Final = """
[[groups]]
slug = "themes"
name = "Themes"

# One such entry a theme; claim says what counts, phrases are wordings that hint at it.
[[themes]]
slug = "first-theme"
group = "themes"
name = "First theme"
claim = "what counts, matter by matter"

[themes.lexicon]
phrases = []
"""


def make_project(folder: Path, *, name: str = "", own: bool = False) -> list[Path]:
    """Make a project, or take one over that came from elsewhere: its models count from then on.

    Args:
        folder: A new or empty one, one with work of one's own, or that of a project.
        name: For people; the folder's name where none is given.
        own: Begin a codebook of one's own alone, without issues.

    Returns:
        The files that were written; nothing that is there is overwritten.

    Raises:
        SettingsError: It is a file, or the name is not a line of text.
        StorageError: It cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder}: is a file; give a folder")
    said = name or folder.absolute().name
    if not said.isprintable():
        raise SettingsError(f"name {said!r}: expected one line without control characters")
    chosen = {"themes": "own", "issues": "none"} if own else {"themes": "shipped"}
    settings = _SETTINGS_TEXT.format(
        name=said, quoted=quoted(said), **{"issues": "shipped", **chosen}
    )
    texts = {CODEBOOK: _CODEBOOK_TEXT + (_OWN_TEXT if own else ""), SETTINGS: settings}
    written = []
    if not (folder / SETTINGS).exists():
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            if not (folder / file).exists():
                write_text(folder / file, text)
                written.append(folder / file)
    for part in ("labels", "answers", "models", "runs"):
        (folder / part).mkdir(exist_ok=True)
    remember(folder)
    return written


def require_project() -> Project:
    """Return the project in use.

    Raises:
        SettingsError: There is none; the message says how to make one.
    """
    project = project_in_use()
    if project is None:
        raise SettingsError(
            "there is no project here to write to; make one: findings init DIR, then give the "
            "command in it or with --project DIR"
        )
    return project


def change(
    do: str,
    what: str,
    before: Sequence[str],
    after: Mapping[str, str] | Sequence[str] = (),
) -> Path:
    """Take a step and record it in the project in use.

    Args:
        do: `rename`, `merge`, `split` or `retire`.
        what: `theme` or `issue`.
        before: Slugs that it is about.
        after: Slugs that stand for them from then on, with a name each where they are new. Of an
            issue that is what findings of its two poles claim, parted by `|`: of areas for
            improvement, then of strengths.

    Returns:
        The file of steps.

    Raises:
        SettingsError: There is no project, or the step does not fit.
        StorageError: It cannot be written.
    """
    project = require_project()
    for slug in (*before, *after):
        if "/" in slug:
            raise SettingsError(
                f"{do} {what} {slug!r}: expected a slug without a pole, "
                f"{slug.partition('/')[0]!r}: a step is about an issue with both its poles"
            )
    names = dict(after) if isinstance(after, Mapping) else dict.fromkeys(after, "")
    if do == MERGE and set(before) == set(names):
        raise SettingsError(
            f"{do} {what} {before[0]!r}: into itself changes nothing; name others first, and "
            "what they become behind --into"
        )
    entries = "".join(_entry(do, what, before, slug, name) for slug, name in names.items())
    parts = {_FILE[what]: entries, CHANGES: ""}
    parts[CHANGES] = step_lines(do, what, before, names, f"{today()}", _named(what, before))
    if do == RENAME:  # what stands under the new slug says little, and nothing before the step
        parts = dict(reversed(parts.items()))
        renamed = changes_of(project.layers).renamed(what)
        if entries and before[0] in renamed and renamed[before[0]] in names:
            del parts[CHANGES]  # whoever was stopped had come so far
    texts = {f: _behind(project.layers.text(f), part) for f, part in parts.items() if part}
    write_checked(project, texts)
    return project.folder / CHANGES


def _named(what: str, slugs: Sequence[str]) -> dict[str, str]:
    """Return what themes, or the poles of issues, are called; nothing of those that are not."""
    book, catalogue = load_codebook(), load_catalogue()
    if what == THEME:
        return {theme.slug: theme.name for theme in book.themes if theme.slug in slugs}
    return {
        issue_id(slug, pole): catalogue.subject(slug).name(pole)
        for slug in slugs
        if slug in catalogue
        for pole in Polarity
    }


def write_checked(project: Project, texts: Mapping[str, str]) -> None:
    """Write data files of a project, once all of it has been loaded with them.

    What stands there in between can be loaded: whoever is stopped gives the same command again. Of
    two commands at once the second is refused, as what it was made of is no longer there.

    Args:
        project: As it was when the texts were made.
        texts: By the names of their files.

    Raises:
        SettingsError: Something in it is wrong, or the project has been changed since it was read;
            nothing has been written.
        StorageError: It cannot be written, or another command keeps it to itself.
    """
    whole = {**dict(project.layers.files), **texts}
    trial = Layers(project.layers.folder, tuple((n, whole[n]) for n in FILES if n in whole))
    lock = unlinked(project.answers, _LOCK, "copy the project without it")
    busy = (
        f"{project.folder}: another command is changing this project; give it again when that has "
        "ended"
    )
    with locked(lock, wait=_WAIT, busy=busy):
        if read_project(project.folder, trusted=project.trusted).layers != project.layers:
            raise SettingsError(
                f"{project.folder}: was changed by somebody else meanwhile, and nothing of this "
                "was written; see findings codebook show --changed, then give the command again"
            )
        with layers_held(trial):
            load_codebook()
            load_catalogue()
        for name, text in texts.items():
            write_text(project.folder / name, text)


def theme_entry(theme: Theme) -> str:
    """Write a theme as `codebook.toml` has it."""
    lines = {
        "slug": theme.slug,
        "group": theme.group,
        "name": theme.name,
        "claim": theme.claim,
        "not": theme.excludes,
        "status": theme.status,
    }
    body = "".join(f"{key} = {quoted(value)}\n" for key, value in lines.items() if value)
    listed = ", ".join(map(quoted, theme.lexicon.phrases))
    return f"[[themes]]\n{body}" + (f"\n[themes.lexicon]\nphrases = [{listed}]\n" if listed else "")


def _entry(do: str, what: str, before: Sequence[str], slug: str, name: str) -> str:
    """Return the entry that a step needs for a slug that stands for others; empty for none."""
    if do not in (RENAME, MERGE, SPLIT):
        return ""
    if what == THEME:
        book = load_codebook()
        if do == RENAME or slug in book.slugs:
            same = slug in book.slugs and book.theme(slug).name == name
            named = f"name = {quoted(name)}\n" if name and not same else ""
            return f"[[themes]]\nslug = {quoted(slug)}\n{named}" if named else ""
        olds = [book.theme(old) for old in before]
        claim = "; ".join(dict.fromkeys(old.claim for old in olds))
        made = Theme(slug, olds[0].group, name or _name(slug), claim, status="draft")
        return theme_entry(made)
    poles = [part.strip() for part in name.split("|")] if name else []
    if name and len(poles) != len(Polarity):
        raise SettingsError(
            f"{slug}: name {name!r}: expected what its findings claim as areas for improvement, "
            "a bar and what they claim as strengths: 'Visits not made|Visits made'"
        )
    said = dict(zip((Polarity.AREA_FOR_IMPROVEMENT, Polarity.STRENGTH), poles, strict=False))
    catalogue = load_catalogue()
    if do == RENAME or slug in catalogue.slugs:
        now = catalogue.subject(slug) if slug in catalogue.slugs else None
        new = {pole: text for pole, text in said.items() if getattr(now, pole, None) != text}
        lines = "".join(f"{pole} = {quoted(text)}\n" for pole, text in new.items())
        return f"[[subjects]]\nslug = {quoted(slug)}\n{lines}" if lines else ""
    subjects = [catalogue.subject(old) for old in before]
    return _subject_entry(slug, subjects, said)


def _subject_entry(slug: str, olds: Sequence[Subject], said: Mapping[Polarity, str]) -> str:
    first = olds[0]
    if not said and len(olds) == 1:
        raise SettingsError(f"{slug}: say what its findings claim: {slug}='Area|Strength'")
    themes = dict.fromkeys(theme for old in olds for theme in old.themes)
    lines = {
        "slug": quoted(slug),
        "themes": f"[{', '.join(map(quoted, themes))}]",
        "area_for_improvement": quoted(
            said.get(Polarity.AREA_FOR_IMPROVEMENT, first.area_for_improvement)
        ),
        "strength": quoted(said.get(Polarity.STRENGTH, first.strength)),
        "claim": quoted("; ".join(dict.fromkeys(old.claim for old in olds))),
        "status": quoted("draft"),
    }
    return "[[subjects]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


def _name(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _behind(text: str | None, entry: str) -> str:
    return f"{text.rstrip()}\n\n{entry}" if text and text.strip() else entry


def quoted(value: str) -> str:
    """Return a string as TOML writes it; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
