import json
import logging
import pickle
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.codebook import load_codebook
from pipelines.errors import ArtefactError, CorpusError, SettingsError, UntrustedArtefact
from pipelines.lexis import annotate
from pipelines.tag import load_model, tag_findings
from pipelines.tag.artefacts import META, WEIGHTS, describe_folder, load_folder, probe_difference
from pipelines.tag.features import FeatureSettings, claims, transform_views, views
from pipelines.tag.fit import FitSettings
from pipelines.tag.nearest import written_labels
from pipelines.tag.registry import (
    model_folders,
    read_pointer,
    roll_back,
    shipped_folder,
    use_model,
)
from pipelines.tag.train import TrainSettings, train_model

EACH = 12  # labels a theme in the small corpus: what a test can train in seconds


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A small corpus: written findings, and two sets that stand for two reports."""
    folder = tmp_path_factory.mktemp("labels")
    taken = dict.fromkeys(load_codebook().slugs, 0)
    rows = {"authored": [], "first": [], "second": []}
    for label in written_labels():
        if taken[label.themes[0]] < EACH:
            taken[label.themes[0]] += 1
            at = ("authored", "first", "authored", "second")[taken[label.themes[0]] % 4]
            rows[at].append({"text": label.text, "themes": list(label.themes)})
    for name in ("first", "second"):
        rows["authored"] += [
            {**row, "origin": "real", "document_id": f"{name}-2023-01"} for row in rows[name]
        ]
    lines = "".join(json.dumps(row) + "\n" for row in rows["authored"])
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
    assert first.decision == second.decision
    assert trained[1].metrics == again.metrics


def test_what_is_saved_is_what_was_trained(trained):
    model = trained[1].model
    assert probe_difference(load_folder(model.folder)) < 1e-8


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
    from pipelines.tag.artefacts import save_model

    model = trained[1].model
    with pytest.raises(ArtefactError, match="never overwritten"):
        save_model(model.folder, model=model, metrics={}, probe_texts=[], texts={})


def test_a_changed_file_is_refused(copied):
    data = bytearray((copied / WEIGHTS).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / WEIGHTS).write_bytes(data)
    with pytest.raises(ArtefactError, match="not the file that was saved"):
        load_folder(copied)


@pytest.mark.parametrize("missing", [WEIGHTS, META, "probe.jsonl"])
def test_a_missing_file_is_named(copied, missing):
    (copied / missing).unlink()
    with pytest.raises(ArtefactError, match=missing):
        load_folder(copied)


def rewritten(folder, change):
    """Change a folder and sign it anew, as someone who means harm would."""
    from pipelines.tag.artefacts import sha256

    change(folder / WEIGHTS)
    meta = json.loads((folder / META).read_text(encoding="utf-8"))
    meta["sha256"][WEIGHTS] = sha256((folder / WEIGHTS).read_bytes())
    (folder / META).write_text(json.dumps(meta), encoding="utf-8")


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("the pickle was loaded",))


def test_a_pickle_is_refused_unread(copied):
    rewritten(copied, lambda path: path.write_bytes(pickle.dumps(Bomb())))
    with pytest.raises(UntrustedArtefact, match="pickle"):
        load_folder(copied)


def test_types_that_are_not_scikit_learns_are_refused(copied):
    def change(path):
        import skops.io as sio

        sio.dump({"harm": Bomb}, path)

    rewritten(copied, change)
    with pytest.raises(UntrustedArtefact, match="Bomb"):
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
    monkeypatch.setattr("pipelines.tag.artefacts._MOST_UNPACKED", 1_000_000)

    def change(path):
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("0.npy", bytes(1_000_000))

    rewritten(copied, change)
    with pytest.raises(UntrustedArtefact, match="would unpack to more than 1,000,000 bytes"):
        load_folder(copied)


def test_a_training_that_was_killed_leaves_nothing_in_the_way(trained, tmp_path):
    """Its half-written folder is hidden, and takes no version from the next."""
    from pipelines.tag.artefacts import save_model

    model = trained[1].model
    (tmp_path / ".small-1.half").mkdir(parents=True)
    made = save_model(
        tmp_path / "small-1", model=model, metrics={}, probe_texts=["No."], texts={"README.md": ""}
    )
    assert made.folder == tmp_path / "small-1"
    assert sorted(p.name for p in made.folder.iterdir()) == [
        *("README.md", META, "metrics.json", WEIGHTS, "probe.jsonl"),
    ]


def test_another_format_is_refused_with_the_remedy(copied):
    set_meta(copied, format=99)
    with pytest.raises(ArtefactError, match="findings train"):
        load_folder(copied)


def test_another_codebook_is_refused(copied):
    set_meta(copied, themes=["something-else"])
    with pytest.raises(ArtefactError, match="something-else"):
        load_folder(copied)


def test_other_libraries_are_settled_by_the_probes(copied, caplog):
    meta = set_meta(copied)
    set_meta(copied, libraries={**meta["libraries"], "scikit-learn": "1.7.0"})
    with caplog.at_level(logging.INFO, logger="pipelines"):
        load_folder(copied)
    assert "1.7.0" in caplog.text


def test_other_probes_are_refused_with_the_remedy(copied):
    meta = set_meta(copied)
    decision = {**meta["decision"], "slopes": [s * 1.01 for s in meta["decision"]["slopes"]]}
    set_meta(copied, lexicon="of another day", decision=decision)
    with pytest.raises(ArtefactError, match=r"lexicon.*findings train"):
        load_folder(copied)


def test_other_libraries_and_other_probes_are_refused_with_the_remedy(copied):
    meta = set_meta(copied)
    decision = {**meta["decision"], "slopes": [s * 1.01 for s in meta["decision"]["slopes"]]}
    set_meta(copied, libraries={**meta["libraries"], "scikit-learn": "1.7.0"}, decision=decision)
    with pytest.raises(ArtefactError, match=r"1\.7\.0.*findings train"):
        load_folder(copied)


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
    rows = []
    for line in (corpus / "authored.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wrong = [slugs[(slugs.index(t) + 5) % len(slugs)] for t in row["themes"]]
        rows += [
            {"text": f"{row['text']} {extra}", "themes": wrong, "origin": "written"}
            for extra in ("Indeed.", "We saw this.")
        ]
    bad = tmp_path / "bad.jsonl"
    bad.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    settings = TrainSettings(base=corpus, models=models, name="small", labels=(bad,))
    outcome = train_model(settings)
    assert outcome.comparison["interval"][1] < 0
    assert not outcome.adopted
    assert read_pointer(models).current == "small-1"
    assert outcome.model.label == "small-2"


def test_a_challenger_that_lacks_labels_of_the_champion_is_not_put_in_use_unless_forced(
    trained, corpus, tmp_path
):
    """As where the reports of stand-off labels are not at hand; its decisions are then kept."""
    models = tmp_path / "models"
    shutil.copytree(trained[0].models, models)
    base = tmp_path / "labels"
    base.mkdir()
    rows = [json.loads(x) for x in (corpus / "authored.jsonl").read_text("utf-8").splitlines()]
    kept = [row for row in rows if row.get("document_id") != "second-2023-01"]
    (base / "authored.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")
    settings = TrainSettings(base=base, models=models, name="small")
    outcome = train_model(settings)
    assert outcome.lost == len(rows) - len(kept)
    assert not outcome.adopted
    assert outcome.metrics["measured_on"] == "written findings"
    assert outcome.model.decision == trained[1].model.decision
    card = (outcome.model.folder / "README.md").read_text(encoding="utf-8")
    assert f"{outcome.lost} labels that the model before was trained on" in card
    assert "Measured on written findings" in card
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
    assert probe_difference(model) < 1e-6
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 10_000_000
    assert model.meta["label_counts"]["reports"] == 194
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "More Information Needed" not in card
    assert "What each part is worth" in card


def test_tags_have_every_theme_in_order_and_one_to_four_are_given():
    labels = written_labels()[:50]
    findings = pd.DataFrame(
        {c.FINDING_ID: [f"x/{n:03d}" for n in range(52)],
         c.TEXT: [*(label.text for label in labels), "", "Ok."]}
    )  # fmt: skip
    tags = tag_findings(findings)
    assert list(tags[c.THEME]) == list(load_codebook().slugs) * 52
    assert list(tags[c.FINDING_ID][::26]) == list(findings[c.FINDING_ID])
    given = tags.groupby(c.FINDING_ID)[c.ASSIGNED].sum()
    assert given.between(1, 4).all()
    assert tags[c.PROBABILITY].between(0, 1).all()
    assert set(tags[c.SOURCE]) == {"model"}


def test_tags_of_no_findings():
    empty = pd.DataFrame({c.FINDING_ID: pd.Series(dtype="str"), c.TEXT: pd.Series(dtype="str")})
    assert len(tag_findings(empty)) == 0


def test_a_finding_is_tagged_alike_alone_and_among_others():
    texts = [label.text for label in written_labels()[:30]]
    model = load_model()
    together = model.probabilities(texts)
    alone = np.vstack([model.probabilities([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-12)


def test_the_fast_way_through_the_features_gives_the_same_numbers():
    texts = [label.text for label in written_labels()[:200]] + ["", "a", "Ångström İzmir"]
    frame = views([claim for a in annotate(texts) for claim in claims(a)])
    features = load_model().pipeline[0]
    difference = abs(features.transform(frame) - transform_views(features, frame))
    assert difference.max() < 1e-12


def test_loading_does_not_import_the_trainers_parts():
    code = (
        "import sys; from pipelines.tag import load_model; load_model(); "
        "print([m for m in ('openpyxl', 'altair', 'pdfplumber') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"decision": {"thresholds": 3}}, "thresholds are not those that were saved"),
        ({"decision": []}, "decision: got"),
        ({"themes": {"a": 1}}, "themes: got"),
        ({"themes": [1, 2]}, "is no text"),
        ({"version": "2"}, "version: got"),
        ({"version": True}, "version: got"),
        ({"name": None}, "name: got"),
        ({"sha256": {}}, "expected model.skops and probe.jsonl"),
        ({"sha256": {"../../x": "0", "model.skops": "0", "probe.jsonl": "0"}}, "sha256 names"),
        ({"sha256": {"model.skops": 0, "probe.jsonl": "0"}}, "is no text"),
        ({"settled": "0"}, "thresholds are not those that were saved"),
        ({"settled": None, "decision": {"slopes": None}}, "decision"),
    ],
)
def test_a_meta_from_elsewhere_is_checked_before_anything_is_loaded(tmp_path, change, match):
    folder = shutil.copytree(shipped_folder() / "themes-2", tmp_path / "themes-2")
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps({**meta, **change}))
    with pytest.raises(ArtefactError, match=match):
        load_folder(folder)


def test_a_changed_threshold_is_noticed(tmp_path):
    folder = shutil.copytree(shipped_folder() / "themes-2", tmp_path / "themes-2")
    meta = json.loads((folder / "meta.json").read_text())
    meta["decision"]["thresholds"][0] /= 2
    (folder / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(ArtefactError, match="thresholds are not those"):
        load_folder(folder)


@pytest.mark.parametrize("text", ["", '{"micro": 0.8', "[]", "\ufffd"])
def test_a_truncated_measurement_is_a_sentence(tmp_path, text):
    folder = shutil.copytree(shipped_folder() / "themes-2", tmp_path / "themes-2")
    (folder / "metrics.json").write_text(text)
    with pytest.raises(ArtefactError, match=r"metrics.json is damaged"):
        describe_folder(folder)


def test_models_of_the_folder_one_stands_in_are_not_trusted(tmp_path, monkeypatch, caplog):
    """Another team's, with other thresholds: a run elsewhere would give other themes."""
    monkeypatch.delenv("FINDINGS_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    shutil.copytree(shipped_folder() / "themes-2", tmp_path / "models" / "themes-9")
    (tmp_path / "models" / "current.json").write_text('{"current": "themes-9", "history": []}')
    monkeypatch.chdir(tmp_path)
    assert "themes-9" not in model_folders()
    assert read_pointer().current != "themes-9"
    assert "holds models and is not used" in caplog.text
    monkeypatch.setenv("FINDINGS_MODELS", "models")
    assert read_pointer().current == "themes-9"
