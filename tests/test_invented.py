"""The invented morning as files: each demo writes its own over the last one, and nobody's edits are lost."""

import pytest

from api.commands.invented import was_edited, write_invented

MORNING, ANOTHER = ({"sites": [{"site": site}]} for site in ("F1", "F2"))


def written(out):
    return {path.name for path in out.iterdir() if not path.name.startswith(".")}


def test_a_morning_is_written_over_the_one_before_where_nobody_edited_that(tmp_path):
    for rows in (MORNING, ANOTHER, ANOTHER):
        assert write_invented(rows, tmp_path) == tmp_path / "day.json"
        assert not was_edited(tmp_path)
    assert written(tmp_path) == {"day", "day.json"}
    assert "F2" in (tmp_path / "day.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["day.json", "day/sites.csv", "day/notes.txt"])
def test_files_that_were_edited_are_kept_and_the_next_morning_is_written_beside_them(file, tmp_path):
    write_invented(MORNING, tmp_path)
    (tmp_path / file).write_text("mine", encoding="utf-8")
    for _ in range(2):
        assert write_invented(ANOTHER, tmp_path) == tmp_path / "day-2.json"
    assert (tmp_path / file).read_text(encoding="utf-8") == "mine"
    assert written(tmp_path) == {"day", "day.json", "day-2", "day-2.json"}
    (tmp_path / "day-2.json").write_text("mine too", encoding="utf-8")
    assert write_invented(ANOTHER, tmp_path) == tmp_path / "day-3.json"


def test_files_without_a_seal_belong_to_somebody(tmp_path):
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "sites.csv").write_text("site", encoding="utf-8")
    assert was_edited(tmp_path)
    assert write_invented(MORNING, tmp_path) == tmp_path / "day-2.json"


def test_a_file_that_was_removed_counts_as_an_edit_and_an_empty_folder_does_not(tmp_path):
    (tmp_path / "day").mkdir()
    write_invented(MORNING, tmp_path)
    assert written(tmp_path) == {"day", "day.json"}
    (tmp_path / "day" / "sites.csv").unlink()
    assert was_edited(tmp_path)
