import json
import logging
import os
import pickle
import platform
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.durable import locked
from pipelines.errors import (
    ArtefactError,
    CorpusError,
    SettingsError,
    StorageError,
    UntrustedArtefact,
)
from pipelines.lexis import METHOD, annotate, lexicon_digest
from pipelines.records import digest
from pipelines.tag import load_model, tag_findings
from pipelines.tag.features.pipeline import (
    FeatureSettings,
    claims,
    learned_terms,
    unfitted_features,
    views,
)
from pipelines.tag.features.terms import SHORTEST, Terms, transform_views
from pipelines.tag.fitting.fit import Examples
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.labels.files import read_rows
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.measure.card import CARD, card_files
from pipelines.tag.measure.compare import compare
from pipelines.tag.measure.evaluate import Held, Level
from pipelines.tag.models import registry
from pipelines.tag.models.artefacts import (
    HELD,
    META,
    describe_folder,
    load_folder,
    read_meta,
    save_model,
)
from pipelines.tag.models.decide import LIKELY, SUGGESTED, SURE
from pipelines.tag.models.meta import settled_digest
from pipelines.tag.models.model import ISSUES, LEVELS, THEMES
from pipelines.tag.models.numbers import NUMBERS
from pipelines.tag.models.probes import PROBE, TOLERANCE, data_digest, probe_difference, sha256
from pipelines.tag.models.registry import (
    find_model,
    model_folders,
    read_pointer,
    roll_back,
    shipped_folder,
    use_model,
)
from pipelines.tag.predict import score_texts, tag_tables, texts_of
from pipelines.tag.training import described, train
from pipelines.tag.training.train import TrainSettings, judged, read_labels, train_model
from small import few_labels, written_texts

EACH = 6  # labels a theme in the small corpus: what a test can train in seconds


@pytest.fixture(scope="module", autouse=True)
def few_described():
    """Have ten issues described: to fit all 160 is three quarters of a small training."""
    own = described.described_labels()[:30]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(described, "described_labels", lambda: own)
        yield


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A small corpus: written findings, and two sets that stand for two reports."""
    folder = tmp_path_factory.mktemp("labels")
    taken = dict.fromkeys(load_codebook().slugs, 0)
    rows = []
    for label in few_labels(EACH):
        taken[label.themes[0]] += 1
        row = {"text": label.text, "themes": list(label.themes), "issues": list(label.subjects)}
        at = ("authored", "first", "authored", "second")[taken[label.themes[0]] % 4]
        if at != "authored":
            row |= {"origin": "real", "document_id": f"{at}-2023-01", "polarity": label.polarity}
        rows.append(row)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "authored.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(corpus, tmp_path_factory):
    models = tmp_path_factory.mktemp("models")
    settings = TrainSettings(base=corpus, models=models, name="small", adopt="always")
    return settings, train_model(settings)


@pytest.fixture
def copied(trained, tmp_path):
    folder = tmp_path / "small-1"
    shutil.copytree(trained[1].model.folder, folder)
    return folder


def test_training_is_deterministic_and_does_not_depend_on_the_order_of_rows(
    trained, corpus, tmp_path
):
    lines = (corpus / "authored.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "authored.jsonl").write_text(
        "\n".join(reversed(lines)) + "\n", encoding="utf-8"
    )
    again = train_model(
        TrainSettings(base=tmp_path / "labels", models=tmp_path / "m", name="small")
    )
    first, second = trained[1].model, again.model
    assert (first.folder / "probe.jsonl").read_bytes() == (
        second.folder / "probe.jsonl"
    ).read_bytes()
    for level in LEVELS:
        assert first.head(level).decision == second.head(level).decision
        assert first.head(level).hints == second.head(level).hints
    assert (first.folder / HELD).read_bytes() == (second.folder / HELD).read_bytes()
    assert trained[1].metrics == again.metrics


def test_what_is_saved_is_what_was_trained(trained):
    model = trained[1].model
    assert probe_difference(load_folder(model.folder)) < 1e-7  # as they are written down


def test_the_card_is_written_from_what_was_measured(trained):
    folder = trained[1].model.folder
    card = (folder / "README.md").read_text(encoding="utf-8")
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert "More Information Needed" not in card
    assert f"micro F1 {metrics['micro']:.3f}" in card
    for row in metrics["themes"]:
        name = load_codebook().theme(row["theme"]).name
        f1 = "-" if row["f1"] is None else f"{row['f1']:.3f}"
        assert f"| {name} | {row['support']} | {row['given']} | {f1} |" in card
    for name in ("reliability.svg", "themes.svg"):
        assert name in card
        assert (folder / name).read_text(encoding="utf-8").startswith("<svg")


def test_a_model_is_never_overwritten(trained):
    model = trained[1].model
    with pytest.raises(ArtefactError, match="never overwritten"):
        save_model(model.folder, model=model, metrics={}, probe_texts=[], texts={})


def test_of_two_trainings_at_once_neither_overwrites_the_other(
    trained, corpus, tmp_path, monkeypatch
):
    """The other takes the version while this one's card is written, which comes last."""
    other = tmp_path / "small-1"

    def taken(model, figures):
        if not other.exists():
            shutil.copytree(trained[1].model.folder, other)
        return card_files(model, figures)

    monkeypatch.setattr(train, "card_files", taken)
    own = train_model(TrainSettings(base=corpus, models=tmp_path, name="small")).model
    assert own.folder == tmp_path / "small-2"
    assert "# Model small-2" in (own.folder / CARD).read_text(encoding="utf-8")
    assert load_folder(other).label == "small-1"
    assert {path.name for path in tmp_path.iterdir()} - {"small-1", "small-2"} <= {
        "current.json",
        ".current.lock",
    }


def test_a_model_is_chosen_by_one_command_at_a_time(copied, monkeypatch):
    models = copied.parent
    monkeypatch.setattr(registry, "_WAIT", 0)
    with (
        locked(models / registry._LOCK, wait=0, busy=""),
        pytest.raises(StorageError, match="another command is choosing a model"),
    ):
        use_model("small-1", models=models)
    assert use_model("small-1", models=models).current == "small-1"


def test_a_changed_file_is_refused(copied):
    data = bytearray((copied / NUMBERS).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / NUMBERS).write_bytes(data)
    with pytest.raises(ArtefactError, match="not the file that was saved"):
        load_folder(copied)


@pytest.mark.parametrize("missing", [NUMBERS, META, "probe.jsonl"])
def test_a_missing_file_is_named(copied, missing):
    (copied / missing).unlink()
    with pytest.raises(ArtefactError, match=missing):
        load_folder(copied)


def rewritten(folder, change):
    """Change a folder and sign it anew, as someone who means harm would."""
    change(folder / NUMBERS)
    meta = json.loads((folder / META).read_text(encoding="utf-8"))
    meta["sha256"][NUMBERS] = sha256((folder / NUMBERS).read_bytes())
    (folder / META).write_text(json.dumps(meta), encoding="utf-8")


@pytest.mark.parametrize("name", ["themes.step", "issues.intercepts", "words.weight"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_no_number_is_refused(copied, name, value):
    """It would make every probability none, which no probe differs from by more than it may."""

    def spoil(path):
        with np.load(path) as kept:
            held = dict(kept)
        np.savez(path, **{**held, name: np.full_like(held[name], value)})

    rewritten(copied, spoil)
    with pytest.raises(ArtefactError, match="a weight is no number"):
        load_folder(copied)


def test_a_name_that_no_folder_can_have_is_refused_before_anything_is_learned():
    for name in ("../elsewhere", "Themes", "a b", "", "\x1b[31m"):
        with pytest.raises(SettingsError, match="name: got"):
            TrainSettings(name=name)


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("the pickle was loaded",))


def test_a_pickle_is_refused_unread(copied):
    rewritten(copied, lambda path: path.write_bytes(pickle.dumps(Bomb())))
    with pytest.raises(UntrustedArtefact, match="pickle"):
        load_folder(copied)


def test_arrays_of_objects_are_a_pickle_and_refused(copied):
    def change(path):
        with path.open("wb") as file:
            np.savez(file, **{"words.terms": np.asarray([Bomb()], dtype=object)})

    rewritten(copied, change)
    with pytest.raises(ArtefactError, match=r"cannot be loaded.*allow_pickle"):
        load_folder(copied)


def test_weights_that_do_not_fit_together_are_refused(copied):
    def change(path):
        with np.load(path) as file:
            kept = dict(file)
        kept["themes.step"] = kept["themes.step"][1:]
        np.savez(path, **kept)

    rewritten(copied, change)
    with pytest.raises(ArtefactError, match="cannot be loaded"):
        load_folder(copied)


def test_an_archive_of_something_else_is_refused(copied):
    def change(path):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hello.txt", "hello")

    rewritten(copied, change)
    with pytest.raises(ArtefactError, match="cannot be loaded"):
        load_folder(copied)


def set_meta(folder, **values):
    meta = json.loads((folder / META).read_text(encoding="utf-8"))
    meta.update(values)
    (folder / META).write_text(json.dumps(meta), encoding="utf-8")
    return meta


def test_an_archive_that_would_unpack_to_gigabytes_is_refused_unread(copied, monkeypatch):
    monkeypatch.setattr("pipelines.tag.models.numbers.MOST_UNPACKED", 1_000_000)

    def change(path):
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("0.npy", bytes(1_000_000))

    rewritten(copied, change)
    with pytest.raises(UntrustedArtefact, match="would unpack to more than 1,000,000 bytes"):
        load_folder(copied)


def test_a_training_that_was_killed_leaves_nothing_in_the_way(trained, tmp_path):
    """Its half-written folder is hidden, and takes no version from the next."""
    model = trained[1].model
    (tmp_path / ".small-1.half").mkdir(parents=True)
    made = save_model(
        tmp_path / "small-1", model=model, metrics={}, probe_texts=["No."], texts={"README.md": ""}
    )
    assert made.folder == tmp_path / "small-1"
    assert sorted(p.name for p in made.folder.iterdir()) == [
        *("README.md", META, "metrics.json", NUMBERS, PROBE),
    ]


def test_another_format_is_refused_with_the_remedy(copied):
    set_meta(copied, format=99)
    with pytest.raises(ArtefactError, match="findings train"):
        load_folder(copied)


def test_another_codebook_is_refused(copied):
    meta = set_meta(copied)
    slugs = meta["themes"]["slugs"]
    set_meta(copied, themes={**meta["themes"], "slugs": [*slugs[:-1], "something-else"]})
    with pytest.raises(ArtefactError, match=r"other themes than the codebook has.*something-else"):
        load_folder(copied)


def test_another_catalogue_is_refused(copied):
    meta = set_meta(copied)
    slugs = meta["issues"]["slugs"]
    set_meta(copied, issues={**meta["issues"], "slugs": [*slugs[:-1], "something-else"]})
    with pytest.raises(
        ArtefactError, match=r"other issues than the catalogue has.*something-else.*findings train"
    ):
        load_folder(copied)


def test_themes_in_another_order_are_refused(copied):
    meta = set_meta(copied)
    set_meta(copied, themes={**meta["themes"], "slugs": meta["themes"]["slugs"][::-1]})
    with pytest.raises(ArtefactError, match="the same in another order"):
        load_folder(copied)


def test_other_libraries_are_settled_by_the_probes(copied, caplog):
    meta = set_meta(copied)
    set_meta(copied, libraries={**meta["libraries"], "scikit-learn": "1.7.0"})
    with caplog.at_level(logging.INFO, logger="pipelines"):
        load_folder(copied)
    assert "1.7.0" in caplog.text


def steeper(folder, level):
    """Change the calibration of a level a little: other probabilities, the same thresholds."""
    meta = json.loads((folder / META).read_text(encoding="utf-8"))
    decision = meta[level]["decision"]
    changed = {**decision, "slopes": [slope * 1.01 for slope in decision["slopes"]]}
    return set_meta(folder, **{level: {**meta[level], "decision": changed}})


def test_all_that_the_shipped_model_rests_on_is_as_it_was_saved():
    """Else each process that loads it predicts all of its probes: half a second."""
    meta = read_meta(find_model(read_pointer().current))
    found = (lexicon_digest(), data_digest("meanings.npz"), data_digest("encoder.npz"))
    assert (meta["lexicon"], meta["meanings"], meta["encoder"]) == found


def test_other_probes_are_refused_with_the_remedy(copied):
    steeper(copied, THEMES)
    set_meta(copied, lexicon=f"{METHOD}:of another day")
    with pytest.raises(ArtefactError, match=r"the catalogue, or the abbreviations.*findings train"):
        load_folder(copied)


def test_a_model_of_before_phrases_were_found_in_all_forms_is_used_with_a_warning(copied, caplog):
    steeper(copied, THEMES)
    set_meta(copied, lexicon="0" * 64)
    assert load_folder(copied).themes.slugs
    assert "finds more phrases than the one it was trained with" in caplog.text


def test_other_probes_of_issues_are_refused_as_those_of_themes_are(copied):
    steeper(copied, ISSUES)
    with pytest.raises(ArtefactError, match=r"other probabilities.*nothing that is recorded"):
        load_folder(copied)


def test_other_vectors_of_words_are_named_where_the_probes_differ(copied):
    steeper(copied, ISSUES)
    set_meta(copied, meanings="0" * 64)
    with pytest.raises(ArtefactError, match=r"the vectors of words.*findings train"):
        load_folder(copied)


def test_other_libraries_and_other_probes_are_refused_with_the_remedy(copied):
    meta = steeper(copied, THEMES)
    set_meta(copied, libraries={**meta["libraries"], "scikit-learn": "1.7.0"})
    with pytest.raises(ArtefactError, match=r"1\.7\.0.*findings train"):
        load_folder(copied)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the kernels are named for x86-64")
@pytest.mark.parametrize("kernel", ["Prescott", "Nehalem"])
def test_the_shipped_model_is_at_home_on_other_processors(kernel):
    """Each adds up in its own order: a score of the encoder may be rounded the other way."""
    told = "from pipelines.tag import load_model\nfrom pipelines.tag.models import probes"
    done = subprocess.run(
        [sys.executable, "-c", f"{told}\nprint(probes.probe_difference(load_model()))"],
        env={**os.environ, "OPENBLAS_CORETYPE": kernel},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < TOLERANCE


def test_use_and_roll_back(trained, corpus, tmp_path):
    models = tmp_path / "models"
    shutil.copytree(trained[0].models, models)
    shutil.copytree(models / "small-1", models / "small-2")
    set_meta(models / "small-2", version=2)
    assert list(model_folders(models))[:2] == ["small-1", "small-2"]
    use_model("small-2", models=models)
    assert read_pointer(models).current == "small-2"
    assert load_model(models=models).label == "small-2"
    assert roll_back(models=models).current == "small-1"
    assert load_model(models=models).label == "small-1"
    with pytest.raises(ArtefactError, match="no model 'small-9'"):
        use_model("small-9", models=models)


def test_rolling_back_the_first_model_says_so(tmp_path):
    (tmp_path / "current.json").write_text('{"current": "themes-1", "history": []}')
    with pytest.raises(ArtefactError, match="nothing to go back to"):
        roll_back(models=tmp_path)


def test_a_worse_challenger_is_not_put_in_use(trained, corpus, tmp_path):
    """The new labels are wrong on purpose: every theme stands for its neighbour."""
    models = tmp_path / "models"
    shutil.copytree(trained[0].models, models)
    slugs = load_codebook().slugs
    known = (corpus / "authored.jsonl").read_text(encoding="utf-8")
    rows = []
    for label in few_labels(3 * EACH):
        if label.text not in known:
            wrong = [slugs[(slugs.index(theme) + 5) % len(slugs)] for theme in label.themes]
            rows.append({"text": label.text, "themes": wrong, "origin": "written"})
    bad = tmp_path / "bad.jsonl"
    bad.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    settings = TrainSettings(base=corpus, models=models, name="small", labels=(bad,))
    outcome = train_model(settings)
    assert outcome.comparison["interval"][1] < 0
    assert not outcome.adopted
    assert read_pointer(models).current == "small-1"
    assert outcome.model.label == "small-2"


def test_models_are_judged_on_the_labels_always_used_and_not_on_the_sheet_handed_in(
    trained, corpus, tmp_path
):
    own = tmp_path / "authored.jsonl"  # called as one of those always used is
    settings = TrainSettings(base=corpus, models=tmp_path, labels=(own,))
    row = {"text": "The lift had failed in May.", "themes": ["premises-and-travel"]}
    own.write_text(json.dumps(row) + "\n")
    examples = Examples.of(read_labels(settings).require())
    marks = dict(zip([x.text for x in examples.labels], judged(examples, settings), strict=True))
    assert not marks.pop("The lift had failed in May.")
    assert all(marks.values())
    assert len(marks) == len((corpus / "authored.jsonl").read_text("utf-8").splitlines())


def test_a_new_sheet_corrects_one_that_the_model_in_use_was_trained_on(trained, corpus, tmp_path):
    models = tmp_path / "models"
    shutil.copytree(trained[0].models, models)
    sheets = [tmp_path / name for name in ("old.csv", "new.csv")]
    for sheet, theme in zip(sheets, ("outcomes", "premises-and-travel"), strict=True):
        sheet.write_text(f"text,themes\nThe lift had failed in May.,{theme}\n")
    path = models / "small-1" / META
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["label_files"].append({"path": str(sheets[0]), "sha256": ""})
    path.write_text(json.dumps(meta), encoding="utf-8")
    settings = TrainSettings(base=corpus, models=models, labels=(sheets[1],))
    found = read_labels(settings)
    (label,) = (x for x in found.labels if x.text == "The lift had failed in May.")
    assert label.themes == ("premises-and-travel",)


def test_a_model_keeps_what_it_gave_to_held_out_findings_and_no_text(trained, corpus):
    folder = trained[1].model.folder
    rows = [json.loads(line) for line in (folder / HELD).read_text("utf-8").splitlines()]
    said = [json.loads(x) for x in (corpus / "authored.jsonl").read_text("utf-8").splitlines()]
    assert {row["digest"] for row in rows} == {
        digest(row["text"]) for row in said if "document_id" in row
    }
    assert all({"digest", THEMES} <= set(row) <= {"digest", *LEVELS} for row in rows)
    assert {slug for row in rows for slug in row[THEMES]} <= set(load_codebook().slugs)
    assert {slug for row in rows for slug in row.get(ISSUES, ())} <= set(load_catalogue().slugs)


def test_a_champion_is_compared_by_what_it_kept_without_being_fitted_again(trained, corpus):
    outcome = trained[1]
    held = held_of(outcome.model.folder, corpus)
    same = compare(held, outcome.model.folder, outcome.model.meta, forced=False)
    assert same["champion"] == "small-1"
    assert (same["difference"], same["interval"]) == (0.0, [0.0, 0.0])
    worse = np.zeros_like(held.themes.assigned)
    nothing = replace(held, levels={THEMES: replace(held.themes, assigned=worse)})
    found = compare(nothing, outcome.model.folder, outcome.model.meta, forced=True)
    assert found["interval"][1] < 0
    assert found["forced"]


def held_of(folder, corpus):
    """Say again what a model's held-out findings were given, as it kept it."""
    rows = {
        x["digest"]: x for x in map(json.loads, (folder / HELD).read_text("utf-8").splitlines())
    }
    examples = Examples.of(check_labels(read_rows(corpus / "authored.jsonl")).labels)
    examples = examples.where(np.asarray([x.digest in rows for x in examples.labels]))
    slugs = load_codebook().slugs
    given = [[slug in rows[x.digest][THEMES] for slug in slugs] for x in examples.labels]
    y = examples.y[THEMES]
    level = Level(y, y * 1.0, y * 1.0, np.asarray(given), np.asarray(given), y.astype(object))
    return Held(examples, examples.documents, {THEMES: level}, "reports")


def test_a_champion_that_kept_nothing_is_compared_with_nothing(trained, corpus, copied):
    held = held_of(trained[1].model.folder, corpus)
    (copied / HELD).unlink()
    assert compare(held, copied, trained[1].model.meta, forced=False) is None


def test_labels_without_issues_train_a_model_of_themes_that_gives_no_issue(
    corpus, tmp_path, monkeypatch
):
    # Whose decision is kept.
    monkeypatch.setattr("pipelines.tag.training.train._champion", lambda _: None)
    base = tmp_path / "labels"
    base.mkdir()
    rows = [json.loads(x) for x in (corpus / "authored.jsonl").read_text("utf-8").splitlines()]
    kept = [{k: v for k, v in row.items() if k != "issues"} for row in rows]
    (base / "authored.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")
    own, text = tmp_path / "own.csv", "The lift had failed in May."
    own.write_text(f"text,themes\n{text},none\n")
    settings = TrainSettings(base=base, models=tmp_path / "m", name="small", labels=(own,))
    model = train_model(settings).model
    assert [entry.get("labels") for entry in model.meta["label_files"]] == [None, [digest(text)]]
    made = tag_tables(table_of([row["text"] for row in rows[:20]]), model=model)
    assert made["tags"][c.ASSIGNED].any()
    assert made["issue_tags"].empty
    assert "no labels of issues were given" in (model.folder / "README.md").read_text("utf-8")


def test_a_challenger_that_lacks_labels_of_the_champion_is_not_put_in_use_unless_forced(
    trained, corpus, tmp_path
):
    """As where the reports of stand-off labels are not at hand."""
    models = tmp_path / "models"
    shutil.copytree(trained[0].models, models)
    base = tmp_path / "labels"
    base.mkdir()
    rows = [json.loads(x) for x in (corpus / "authored.jsonl").read_text("utf-8").splitlines()]
    mine = [row for row in rows if row.get("document_id") == "second-2023-01"]
    for row in mine[::2]:
        row[c.DIGEST] = digest(row.pop("text"))
    (base / "authored.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    settings = TrainSettings(base=base, models=models, name="small")
    outcome = train_model(settings)
    assert outcome.lost == len(mine[::2])
    assert not outcome.dropped
    assert not outcome.adopted
    card = (outcome.model.folder / "README.md").read_text(encoding="utf-8")
    assert f"{outcome.lost} labels that the model before was trained on" in card
    assert read_pointer(models).current == "small-1"


def test_labels_that_must_be_corrected_stop_training(trained, corpus, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("text,themes\nSomething.,riskofharm\n")
    settings = TrainSettings(base=corpus, models=tmp_path / "m", labels=(bad,))
    with pytest.raises(CorpusError, match=r"bad\.csv row 2"):
        train_model(settings)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "everything"},
        {"adopt": "never"},
        {"fit": FitSettings(features=FeatureSettings(context=0.3))},
    ],
)
def test_wrong_training_settings_are_refused(wrong):
    with pytest.raises(SettingsError):
        TrainSettings(**wrong)


def test_the_shipped_model_is_whole_small_and_trusted():
    folder = shipped_folder() / read_pointer(None).current
    model = load_folder(folder)
    assert probe_difference(model) < TOLERANCE
    for level in LEVELS:
        head = model.head(level)
        assert head.hints.weight > 0
        assert len(head.hints.learned) >= 5
        assert head.decision.suggested < min(head.decision.thresholds) < head.decision.sure
    assert model.themes.slugs == load_codebook().slugs
    assert model.issues.slugs == load_catalogue().slugs
    assert model.meanings > 0
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 12_000_000
    assert model.meta["label_counts"]["reports"] == 194
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "More Information Needed" not in card
    assert "What each part is worth" in card


def table_of(texts, **columns):
    """Make findings of texts, numbered from 0."""
    ids = [f"x/{n:03d}" for n in range(len(texts))]
    return pd.DataFrame({c.FINDING_ID: ids, c.TEXT: list(texts), **columns})


def test_tags_have_every_theme_in_order_and_four_at_most_are_given():
    findings = table_of([*written_texts()[:50], "", "Ok."])
    tags = tag_findings(findings)
    assert list(tags[c.THEME]) == list(load_codebook().slugs) * 52
    assert list(tags[c.FINDING_ID][::26]) == list(findings[c.FINDING_ID])
    given = tags.groupby(c.FINDING_ID)[c.ASSIGNED].sum()
    assert given.between(0, 4).all()
    assert (given.iloc[:50] >= 1).mean() > 0.9
    assert given.iloc[50:].tolist() == [0, 0]
    assert tags[c.PROBABILITY].between(0, 1).all()
    assert set(tags[c.SOURCE]) == {"model"}


NO_FINDINGS = [
    "Asdf qwer zxcv poiu lkjh mnbv.",
    "Xyzzy plugh frobnicate wibble wobble, flurb.",
    "Nid oedd yr asesiadau yn ystyried diogelwch plant yn ddigonol.",
    "Roedd y staff yn gweithio'n galed ac yn cefnogi pobl ar brawf.",
    "0000 1111 2222 3333",
    "!!! ??? ...",
    "",
]
"""Gibberish, Welsh and nothing: of no theme of ours (issue 21, case 04)."""


@pytest.mark.parametrize("text", NO_FINDINGS)
@pytest.mark.parametrize("polarity", ["area_for_improvement", "strength"])
def test_what_is_about_no_theme_is_given_none_and_no_issue(text, polarity):
    made = tag_tables(table_of([text], **{c.POLARITY: [polarity]}))
    assert not made["tags"][c.ASSIGNED].any()
    assert set(made["tags"][c.CERTAINTY].dropna()) <= {SUGGESTED}
    assert not made["issue_tags"][c.ASSIGNED].any()


@pytest.fixture(scope="module")
def poles():
    """Findings of every kind that was written, of each pole by turns, and their tags."""
    texts = written_texts()[::160]
    given = ["strength" if n % 2 else "area_for_improvement" for n in range(len(texts))]
    findings = table_of(texts, **{c.POLARITY: given})
    return findings, tag_tables(findings)


def test_a_theme_that_is_given_is_sure_or_likely_and_one_that_is_not_is_suggested_or_nothing(poles):
    for tags in poles[1].values():
        given = tags[c.ASSIGNED]
        assert set(tags.loc[given, c.CERTAINTY]) == {SURE, LIKELY}
        assert set(tags.loc[~given, c.CERTAINTY].dropna()) == {SUGGESTED}
        sure = tags[c.CERTAINTY] == SURE
        assert tags.loc[sure, c.PROBABILITY].min() >= tags.loc[given & ~sure, c.PROBABILITY].max()


def test_issue_tags_have_what_may_be_stated_and_the_pole_of_the_finding(poles):
    """What is hardly likely too: what a review thinks to be missed is the sum of it."""
    findings, tags = poles[0], poles[1]["issue_tags"]
    expected = score_texts(findings[c.TEXT].tolist(), model=load_model())[ISSUES].sum()
    assert 0.95 * expected < tags[c.PROBABILITY].sum() <= expected
    assert not tags.loc[tags[c.CERTAINTY].isna(), c.ASSIGNED].any()
    assert set(tags[c.SUBJECT]) <= set(load_catalogue().slugs)
    pole = dict(zip(findings[c.FINDING_ID], findings[c.POLARITY], strict=True))
    own = tags[c.POLARITY] == tags[c.FINDING_ID].map(pole)
    assert set(tags.loc[~own, c.CERTAINTY]) <= {SUGGESTED}  # what is only conceded
    assert own.mean() > 0.99
    assert tags[c.ASSIGNED].groupby(tags[c.FINDING_ID]).sum().max() <= 3
    key = [(name, load_catalogue().slugs.index(s)) for name, s in
           zip(tags[c.FINDING_ID], tags[c.SUBJECT], strict=True)]  # fmt: skip
    assert key == sorted(key)


def test_the_section_of_a_finding_changes_its_probabilities_and_an_unknown_one_nothing():
    text = "Staff were not confident in this work."
    titles = ["", "Of no kind", "Staff", "Court work"]
    findings = table_of([text] * 4, **{c.STANDARD: titles, c.SUBSECTION: [None] * 4})
    p = tag_findings(findings)[c.PROBABILITY].to_numpy().reshape(4, -1)
    plain = tag_findings(table_of([text]))[c.PROBABILITY].to_numpy()
    assert (p[0] == plain).all()
    assert (p[1] == plain).all()
    assert (p[2] != plain).any()
    assert (p[2] != p[3]).any()


def test_tags_of_no_findings():
    empty = pd.DataFrame({c.FINDING_ID: pd.Series(dtype="str"), c.TEXT: pd.Series(dtype="str")})
    assert {name: len(table) for name, table in tag_tables(empty).items()} == {
        "tags": 0,
        "issue_tags": 0,
    }


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA])
def test_a_text_that_is_missing_is_empty_and_no_word(nothing):
    """It was tagged, and explained, as the text "nan"."""
    table = table_of(["Staff were off sick.", "", ""])
    table[c.TEXT] = pd.Series(["Staff were off sick.", nothing, ""], dtype="object")
    assert texts_of(table) == ["Staff were off sick.", "", ""]


@pytest.mark.parametrize("column", [c.TEXT, c.FINDING_ID])
def test_a_table_without_texts_or_ids_is_refused_by_the_column(column):
    with pytest.raises(SettingsError, match=column):
        tag_tables(table_of(["Staff were off sick."]).drop(columns=column))


def test_a_finding_is_tagged_alike_alone_and_among_others(monkeypatch):
    texts = list(written_texts()[:30])
    model = load_model()
    together = model.probabilities(texts)
    alone = [model.probabilities([text]) for text in texts]
    monkeypatch.setattr("pipelines.tag.predict.BATCH", 7)
    parted = score_texts(texts, model=model)
    for level in LEVELS:
        assert np.allclose(together[level], np.vstack([p[level] for p in alone]), atol=1e-12)
        assert np.allclose(parted[level], together[level], atol=1e-12)


def test_the_fast_way_through_the_features_gives_the_same_numbers():
    texts = [*written_texts()[:200], "", "a", "Ångström İzmir"]
    annotated = [claim for a in annotate(texts) for claim in claims(a)]
    contexts = [f"polarity={'strength' if n % 2 else 'x'}" for n in range(len(annotated))]
    written = views(annotated, contexts=contexts)
    frame = pd.DataFrame(written, dtype="object")
    features = unfitted_features(FeatureSettings(context=0.5), texts=1).fit(frame)
    terms = learned_terms(features)
    assert [own.view for own in terms] == ["words", "letters", "context"]
    difference = abs(features.transform(frame) - transform_views(terms, written))
    whole = [len(text.tokens) >= SHORTEST for text in annotated]
    assert sum(whole) > 200
    assert difference[whole].max() < 1e-12


@pytest.mark.parametrize(
    ("text", "strange"),
    [("=late late", 8), ("=late late =trên trên", 8), ("=late late" + " =hwyr hwyr" * 5, 10)],
)
def test_words_that_are_not_known_are_of_the_length_of_a_text(text, strange):
    """Or one English word would speak for a whole sentence in Welsh."""
    terms = Terms("words", 1.0, ("=late", "late"), np.asarray([2.0, 3.0]))
    length = np.sqrt(2.0**2 + 3.0**2 + strange * 3.0**2)
    assert terms.matrix([text]).toarray()[0] == pytest.approx([2 / length, 3 / length])


def with_change(change):
    return lambda said: {**said, "decision": {**said["decision"], **change}}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            with_change({"thresholds": 3}),
            "hints are not those that were saved",
        ),
        (with_change({"sure": 0.5}), "hints are not those that were saved"),
        (
            with_change({"suggested": 0.01}),
            "hints are not those that were saved",
        ),
        (with_change({"most": 26}), "hints are not those that were saved"),
        (with_change({"band": 0.0}), "hints are not those that were saved"),
        (with_change({"slopes": None}), "do not fit together"),
        (lambda said: {**said, "decision": []}, "need slugs and a decision each"),
        (lambda said: {**said, "slugs": {"a": 1}}, "need slugs and a decision each"),
        (lambda said: {**said, "slugs": [1, 2]}, "is no text"),
        (lambda said: {**said, "hints": {"weight": 1}}, "section hints are not"),
        (lambda said: {**said, "hints": {"weight": 1, "learned": {"court": "x"}}}, "section hints"),
        (lambda _: ["a"], "got"),
    ],
)
def test_what_a_meta_from_elsewhere_says_of_a_level_is_checked(copied, level, change, match):
    meta = set_meta(copied)
    set_meta(copied, **{level: change(meta[level])})
    with pytest.raises(ArtefactError, match=match):
        load_folder(copied)


def with_hints(*rows):
    learned = {f"s{n}": row for n, row in enumerate(rows)}
    return lambda said: {**said, "hints": {"weight": 0.5, "learned": learned}}


def with_aid(column):
    return lambda said: {
        **said,
        "encoder": {
            "share": 0.3,
            "columns": [column] * len(said["slugs"]),
            "alone": said["decision"],
        },
    }


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("change", "match"),
    [
        (with_change({"most": float("inf")}), "do not fit together"),
        (lambda said: with_change({"slopes": [10**400] * len(said["slugs"])})(said), "do not fit"),
        (with_hints([1.0]), "1 hints of s0 for"),
        (lambda said: with_hints([float("nan")] * len(said["slugs"]))(said), "no number"),
        (lambda said: {**said, "slugs": said["slugs"][1:]}, "slopes for"),
        (lambda said: {**said, "slugs": [*said["slugs"], "more"]}, "slopes for"),
        (lambda said: {**said, "slugs": [said["slugs"][1], *said["slugs"][1:]]}, "stands twice"),
        (with_aid(5000), "the encoder has columns 0 to"),
        (with_aid(-2), "the encoder has columns 0 to"),
    ],
)
def test_a_level_from_elsewhere_whose_hashes_agree_is_checked_still(copied, level, change, match):
    meta = set_meta(copied)
    meta[level] = change(meta[level])
    settled = settled_digest({name: meta[name] for name in LEVELS})
    encoder = data_digest("encoder.npz")
    set_meta(copied, settled=settled, encoder=encoder, **{level: meta[level]})
    with pytest.raises(ArtefactError, match=match):
        load_folder(copied)


def test_numbers_from_elsewhere_whose_hashes_agree_are_checked_still(copied):
    with np.load(copied / NUMBERS) as kept:
        cut = {
            name: array[:100] if name == "themes.steps" else array for name, array in kept.items()
        }
    np.savez_compressed(copied / NUMBERS, **cut)
    hashes = set_meta(copied)["sha256"]
    set_meta(copied, sha256={**hashes, NUMBERS: sha256((copied / NUMBERS).read_bytes())})
    with pytest.raises(ArtefactError, match="100 rows of weights for"):
        load_folder(copied)


def test_probes_nested_beyond_all_measure_are_a_sentence(copied):
    (copied / PROBE).write_text("[" * 200_000 + "\n")
    hashes = set_meta(copied)["sha256"]
    set_meta(copied, sha256={**hashes, PROBE: sha256((copied / PROBE).read_bytes())})
    with pytest.raises(ArtefactError, match="does not run here"):
        load_folder(copied)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"labels": 5}, "labels and label_files: expected"),
        ({"labels": [5]}, "labels and label_files: expected"),
        ({"label_files": 7}, "labels and label_files: expected"),
        ({"label_files": [{"path": 5}]}, "labels and label_files: expected"),
        ({"label_files": [{"path": "a", "labels": 5}]}, "labels and label_files: expected"),
        ({"version": "2"}, "version: got"),
        ({"version": True}, "version: got"),
        ({"name": None}, "name: got"),
        ({"name": "../../x"}, "name and version: got"),
        ({"name": "\x1b[31m"}, "name and version: got"),
        ({"version": 0}, "name and version: got"),
        ({"sha256": {}}, "expected model.npz and probe.jsonl"),
        ({"sha256": {"../../x": "0", "model.npz": "0", "probe.jsonl": "0"}}, "sha256 names"),
        ({"sha256": {"model.npz": 0, "probe.jsonl": "0"}}, "is no text"),
        ({"settled": "0"}, "hints are not those that were saved"),
        ({"settled": None}, "hints are not those that were saved"),
    ],
)
def test_a_meta_from_elsewhere_is_checked_before_anything_is_loaded(copied, change, match):
    (copied / NUMBERS).unlink()  # so that loading it would be another error
    set_meta(copied, **change)
    with pytest.raises(ArtefactError, match=match):
        load_folder(copied)


@pytest.mark.parametrize("level", LEVELS)
def test_a_changed_threshold_is_noticed(copied, level):
    meta = set_meta(copied)
    meta[level]["decision"]["thresholds"][0] /= 2
    set_meta(copied, **meta)
    with pytest.raises(ArtefactError, match="hints are not those"):
        load_folder(copied)


@pytest.mark.parametrize("text", ["", '{"micro": 0.8', "[]", "\ufffd"])
def test_a_truncated_measurement_is_a_sentence(copied, text):
    (copied / "metrics.json").write_text(text)
    with pytest.raises(ArtefactError, match=r"metrics.json is damaged"):
        describe_folder(copied)


def test_models_of_the_folder_one_stands_in_are_not_trusted(tmp_path, monkeypatch, caplog):
    """Another team's, with other thresholds: a run elsewhere would give other themes."""
    monkeypatch.delenv("FINDINGS_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    current = shipped_folder() / read_pointer(None).current
    shutil.copytree(current, tmp_path / "models" / "themes-999")
    (tmp_path / "models" / "current.json").write_text('{"current": "themes-999", "history": []}')
    monkeypatch.chdir(tmp_path)
    assert "themes-999" not in model_folders()
    assert read_pointer().current != "themes-999"
    assert "holds models and is not used" in caplog.text
    monkeypatch.setenv("FINDINGS_MODELS", "models")
    assert read_pointer().current == "themes-999"
