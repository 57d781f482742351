"""A folder of papers changes as a whole or not at all."""

import pytest

from api.papers import swapped_in


@pytest.fixture
def folder(tmp_path):
    """A folder with a paper of yesterday, a note of somebody's own and a folder of photographs."""
    folder = tmp_path / "manifests"
    (folder / "photographs").mkdir(parents=True)
    (folder / "photographs" / "van.json").write_text("photograph")
    (folder / "yesterday.pdf").write_text("yesterday")
    (folder / "note.txt").write_text("note")
    return folder


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


KEPT = {"note.txt": "note", "photographs/van.json": "photograph"}


def test_new_papers_take_the_place_of_the_old_ones_and_what_is_no_paper_stays(folder):
    with swapped_in(folder) as new:
        (new / "today.pdf").write_text("today")
    assert files(folder) == {"today.pdf": "today", **KEPT}
    assert [path.name for path in folder.parent.iterdir()] == ["manifests"]


def test_a_failure_while_writing_leaves_the_old_papers_whole(folder):
    before = files(folder)
    with pytest.raises(RuntimeError), swapped_in(folder) as new:
        (new / "today.pdf").write_text("half")
        raise RuntimeError
    assert files(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["manifests"]


def test_the_old_papers_stand_until_the_new_ones_are_all_there(folder):
    with swapped_in(folder) as new:
        (new / "today.pdf").write_text("today")
        assert "yesterday.pdf" in files(folder) and "today.pdf" not in files(folder)


def test_a_folder_that_is_not_there_yet_is_made_for_everybody_to_read(tmp_path):
    with swapped_in(tmp_path / "a" / "b") as new:
        (new / "today.pdf").write_text("today")
    assert files(tmp_path) == {"a/b/today.pdf": "today"}
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "a" / "b").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_behind_a_link_is_changed_where_it_lies(folder, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(folder)
    with swapped_in(link) as new:
        (new / "today.pdf").write_text("today")
    assert link.is_symlink() and "today.pdf" in files(folder)


def test_a_file_in_the_place_of_the_folder_is_not_overwritten(tmp_path):
    (tmp_path / "manifests").write_text("mine")
    with pytest.raises(OSError), swapped_in(tmp_path / "manifests"):
        pass
    assert (tmp_path / "manifests").read_text() == "mine"
