"""Parts of the model card that no measurement changes: what a model is for and how it is made."""

from __future__ import annotations

from pipelines.project import layers_in_use
from pipelines.project.layers import OWN
from pipelines.tag.models.decide import Decision
from pipelines.tag.models.model import Model
from pipelines.tag.models.probes import LIBRARIES, environment


def use_of() -> str:
    """Say what a model is meant for, and what it does not know."""
    return (
        "Meant for counting themes over many findings, with the evidence beside each count, and "
        "for finding the findings of a theme. A person should look at what it marks for review.\n\n"
        f"Limits: it knows the wording of {_read()}. It reads a finding "
        "alone, without what stands around it, and it decides by the wording of single "
        "sentences. It should not be used to judge a unit, a person or a single case."
    )


def _read() -> str:
    if layers_in_use().settings.themes == OWN:
        return "the reports that its project gave labels of, and no other"
    return (
        "HM Inspectorate of Probation's reports in English, of units of the Probation Service "
        "above all; youth and national reports use words it has seen less of"
    )


def making_of(model: Model) -> str:
    """Say how a model was fitted and where."""
    fit = model.meta["settings"]
    views = ", ".join(f"{view} {weight}" for view, weight in fit["features"].items())
    decision = model.themes.decision
    of_issues = f"; of issues {_learned(model.issues.decision)}" if model.issues.slugs else ""
    installed = environment()
    versions = ", ".join(f"{name} {installed[name]}" for name in ("python", *LIBRARIES))
    return (
        "One logistic regression a theme on the rarity of words as they stand, stems, pairs of "
        "stems and entries of the lexicon, and on TF-IDF of runs of letters inside words, each "
        "scaled by how well it tells the theme, and on the sum of the words' vectors; one a "
        "subject of issues likewise. A "
        "finding's score is a mix of those of its best sentence and of the "
        "whole; the section that the finding stands in adds a hint. Calibrated out of fold by "
        f"Platt's method; {_learned(decision)}{of_issues}; review band {decision.band:.2f} around "
        "the thresholds.\n\n"
        f"Weights of the views: {views}. C {fit['strength']}; a finding of a report counts for "
        f"{fit['real_weight']} written ones; emphasis of telling features {fit['emphasis']}, share "
        f"of the whole finding {fit['whole']} (issues {fit['issue_whole']}), weight of the section "
        f"{fit['hints']}, rivalry {fit['rivalry']} (issues {fit['issue_rivalry']}), weights in "
        f"{fit['steps']} steps, share of the encoder {fit['encoder']} "
        f"(issues {fit['issue_encoder']}). "
        f"Codebook version {model.meta['codebook']}.\n\n"
        f"Environment: {versions}. Commit: {model.meta['commit'] or 'outside of a checkout'}."
    )


def _learned(decision: Decision) -> str:
    low, high = min(decision.thresholds), max(decision.thresholds)
    return f"thresholds {low:.2f} to {high:.2f}, sure from {decision.sure:.2f}"
