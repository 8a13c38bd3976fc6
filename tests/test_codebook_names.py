"""Names of themes and groups stand in tables, addresses and terminals."""

from importlib.resources import files

import pytest

from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError


@pytest.mark.parametrize("sign", ["\\u2028", "\\n", "\\u001b[31m", "\\u202e"])
def test_a_name_that_breaks_its_line_is_refused(tmp_path, sign):
    text = (files("pipelines") / "data" / "codebook.toml").read_text(encoding="utf-8")
    before, name, after = text.partition('name = "')
    path = tmp_path / "book.toml"
    path.write_text(f"{before}{name}{sign}{after}", encoding="utf-8")
    with pytest.raises(SettingsError, match="expected one line without control characters"):
        load_codebook(path)
