"""The README cannot disagree with the program."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from pipelines.cli import app
from pipelines.codebook import load_codebook
from pipelines.flow.stages import STAGES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app)


def between(marker: str) -> str:
    found = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", README, re.DOTALL)
    assert found, f"README has no {marker} markers"
    return found[1]


def table_of_stages() -> str:
    rows = ["| stage | what it does | needs | makes |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{s.name}` | {s.help} | {', '.join(s.inputs)} | {', '.join(s.outputs)} |"
        for s in STAGES
    ]
    return "\n".join(rows) + "\n"


def table_of_themes() -> str:
    book = load_codebook()
    rows = ["| group | themes |", "| --- | --- |"]
    for group in book.groups:
        names = ", ".join(theme.name for theme in book.themes if theme.group == group.slug)
        rows.append(f"| {group.name} | {names} |")
    return "\n".join(rows) + "\n"


def test_table_of_stages_is_the_programs():
    assert between("stages") == table_of_stages()


def test_table_of_themes_is_the_codebooks():
    assert between("themes") == table_of_themes()


def commands_in_readme() -> list[str]:
    lines = re.findall(r"^ {4}(findings .+)$", README, re.MULTILINE)
    return sorted({line.split("  #")[0].strip() for line in lines})


@pytest.mark.parametrize("line", commands_in_readme())
def test_every_command_in_the_readme_exists_with_its_options(line):
    words = shlex.split(line)[1:]
    command = COMMANDS
    while words and hasattr(command, "commands"):
        name = words.pop(0)
        assert name in command.commands, f"no command {name!r}"
        command = command.commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    known |= {option for parameter in command.params for option in parameter.secondary_opts}
    known |= {"--help", "-h"}
    used = [word.split("=")[0] for word in words if word.startswith("-") and word != "-"]
    assert set(used) <= known, f"{line}: {sorted(set(used) - known)} unknown"


def test_every_link_to_a_file_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_make_targets_in_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z-]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "corpus").glob("*.md")))
def test_documents_name_no_path_of_one_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(/home/|/root/|/work/|/tmp/|C:\\\\)", text)
