"""A team's own project: a folder of what differs from what is shipped, and of the team's work.

`findings.toml` marks the folder and holds its settings. All else may be absent: the data files that
`layers.FILES` names, `changes.toml` with renames, splits and merges as recorded steps, and the
folders `labels`, `answers`, `models` and `runs`.
"""

from pipelines.project.folder import Project, find_folder, is_remembered, read_project, remember
from pipelines.project.in_use import (
    forgotten_with_project,
    layers_held,
    layers_in_use,
    leave_project,
    open_project,
    project_held,
    project_in_use,
    use_layers,
)
from pipelines.project.layers import Layers, ProjectSettings

__all__ = [
    "Layers",
    "Project",
    "ProjectSettings",
    "find_folder",
    "forgotten_with_project",
    "is_remembered",
    "layers_held",
    "layers_in_use",
    "leave_project",
    "open_project",
    "project_held",
    "project_in_use",
    "read_project",
    "remember",
    "use_layers",
]
