"""The errors that users of the package can meet.

    FindingsError                 every error of ours
    ├── UnreadableDocument        a source that cannot be read as text
    ├── SettingsError             a setting, a data file or a column that is not what it must be
    ├── CorpusError               labels or a corpus that contradict themselves
    ├── ArtefactError             a model or run folder that is damaged or of another version
    │   ├── NoRunFolder           a folder given as a run's that is none
    │   └── UntrustedArtefact     a model folder that holds what we refuse to load
    ├── StorageError              a folder that cannot be written, is in use, or would lose work
    ├── MachineError              a machine that can start no worker
    └── MissingExtra              an optional extra that is not installed

A message says which file or field, what was got, what was expected, and what to do next.
"""

from __future__ import annotations


class FindingsError(Exception):
    """Base of every error that this package raises on purpose."""


class UnreadableDocument(FindingsError):
    """A source that cannot be read; `remedy` says what its owner can do about it."""

    def __init__(self, reason: str, *, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between worker processes whole: Exception's own way drops the keyword."""
        return (_unreadable, (self.reason, self.remedy))


def _unreadable(reason: str, remedy: str) -> UnreadableDocument:
    return UnreadableDocument(reason, remedy=remedy)


class SettingsError(FindingsError):
    """A setting, a registry file or a table column that is not as it must be."""


def check_kind(name: str, value: object, kind: type | tuple[type, ...], expected: str) -> None:
    """Refuse a value of another type, before it fails somewhere inside.

    Args:
        name: Of the argument or setting.
        value: As given.
        kind: That it must be.
        expected: What that is, and where it comes from.

    Raises:
        SettingsError: It is of another type.
    """
    if not isinstance(value, kind):
        raise SettingsError(f"{name}: got {type(value).__name__}; expected {expected}")


class CorpusError(FindingsError):
    """Labels or a corpus that contradict themselves."""


class ArtefactError(FindingsError):
    """A model or run folder that is damaged, incomplete or of another version."""


class NoRunFolder(ArtefactError):
    """A folder given as that of a run, where no run has ended."""


class UntrustedArtefact(ArtefactError):
    """A model folder that holds types we do not load."""


class StorageError(FindingsError):
    """A folder that cannot be written, is full, is in use, or would lose what it holds."""


class MachineError(FindingsError):
    """A machine that can start no worker: no document is to blame."""


class MissingExtra(FindingsError):
    """A feature whose optional extra is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the optional extra [{extra}], which is not installed; "
            f"run: pip install 'probation-findings[{extra}]'"
        )
        self.feature = feature
        self.extra = extra

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between worker processes whole."""
        return (MissingExtra, (self.feature, self.extra))
