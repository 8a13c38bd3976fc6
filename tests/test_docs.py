"""The README and the guides cannot disagree with the program."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from pipelines.cli import app
from pipelines.codebook import load_codebook
from pipelines.flow.stages import STAGES

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "README.md", *sorted((ROOT / "pipelines").rglob("README.md"))]
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in GUIDES}
COMMANDS = typer.main.get_command(app)


def between(marker: str, guide: str) -> str:
    found = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", TEXTS[guide], re.DOTALL)
    assert found, f"{guide} has no {marker} markers"
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
    assert between("stages", "pipelines/README.md") == table_of_stages()


def test_table_of_themes_is_the_codebooks():
    assert between("themes", "README.md") == table_of_themes()


def commands_in_guides() -> list[str]:
    lines = re.findall(r"^ {4}(?:\$ )?(findings .+)$", "\n".join(TEXTS.values()), re.MULTILINE)
    return sorted({line.split("  #")[0].strip() for line in lines})


@pytest.mark.parametrize("line", commands_in_guides())
def test_every_command_in_the_guides_exists_with_its_options(line):
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


@pytest.mark.parametrize("guide", TEXTS)
def test_every_link_leads_somewhere(guide):
    for target, _, part in re.findall(r"\]\(([^)#]*)(#([^)]+))?\)", TEXTS[guide]):
        if "://" in target:
            continue
        leads = (ROOT / guide).parent / target if target else ROOT / guide
        assert leads.exists(), target
        if part:
            heads = re.findall(r"^#+ (.+)$", leads.read_text(encoding="utf-8"), re.MULTILINE)
            assert part in [
                re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads
            ]


def test_the_readme_leads_to_every_guide_and_is_short():
    told = TEXTS["README.md"]
    assert [guide for guide in TEXTS if guide != "README.md" and f"({guide})" not in told] == []
    assert len(told.splitlines()) <= 200


def test_make_targets_in_the_guides_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`| {4})make ([a-z-]+)", "\n".join(TEXTS.values())):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize(
    "path", sorted({*GUIDES, *ROOT.glob("*.md"), *(ROOT / "corpus").glob("*.md")})
)
def test_documents_name_no_path_of_one_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(/home/|/root/|/work/|/tmp/|C:\\\\)", text)
