"""Git's past of a folder, as commits by people."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from repositories import Repository

from townsquare import checkout
from townsquare.cache import Cache
from townsquare.clock import EARLIEST, LATEST
from townsquare.history import Commit, Contact, History


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "community")


def commits(root: Path) -> tuple[Commit, ...]:
    return History(root).commits


def test_commits_are_told_with_people_instants_and_paths(repository: Repository) -> None:
    first = repository.commit({"a b\n.md": "1", "ü.md": "2"}, who="Ana <ana@example.org>", at=50)
    second = repository.commit({"c.md": "3"}, who="Bo Bo <bo@example.org>", at=100)
    ana, bo = Contact("Ana", "ana@example.org"), Contact("Bo Bo", "bo@example.org")
    assert commits(repository.root) == (
        Commit(first, 50, (ana,), (), ("a b\n.md", "ü.md"), False),
        Commit(second, 100, (bo,), (), ("c.md",), False),
    )


def test_trailers_name_those_who_wrote_along_and_reviewed(repository: Repository) -> None:
    message = (
        "Change\n\nCo-authored-by: Bo <bo@x.org>\nReviewed-by: Cy <cy@x.org>\nReviewed-by: D <d@x>"
    )
    repository.commit({"a": "1"}, message, who="Ana <ana@x.org>")
    [only] = commits(repository.root)
    assert only.authors == (Contact("Ana", "ana@x.org"), Contact("Bo", "bo@x.org"))
    assert only.reviewers == (Contact("Cy", "cy@x.org"), Contact("D", "d@x"))


def test_mailmap_names_authors_and_those_in_trailers(repository: Repository) -> None:
    (repository.root / ".mailmap").write_text(
        "Ana Lee <ana@x.org> <old@x.org>\nBo <bo@x.org> <b@x>\n"
    )
    repository.commit({"a": "1"}, "x\n\nReviewed-by: B <b@x>", who="ana <old@x.org>")
    [only] = commits(repository.root)
    assert only.authors == (Contact("Ana Lee", "ana@x.org"),)
    assert only.reviewers == (Contact("Bo", "bo@x.org"),)


def test_a_merge_is_marked(repository: Repository) -> None:
    repository.commit({"a": "1"}, who="A <a@x>", at=1)
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({"b": "1"}, who="B <b@x>", at=2)
    repository.git("checkout", "-q", "main")
    repository.commit({"c": "1"}, who="C <c@x>", at=3)
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "side", who="A <a@x>", at=4)
    assert [each.is_merge for each in commits(repository.root)] == [False, False, False, True]


def test_nobody_forges_a_commit_by_a_name(repository: Repository) -> None:
    forged = "\x01" + "0" * 32 + "\nx"
    repository.commit({"a": "1"}, forged, who="A\x01A <a@x>")
    repository.commit({"\x01\x1e" + "b" * 40: "1"}, who="B <b@x>", at=1_700_000_001)
    assert len(commits(repository.root)) == 2


def test_a_shallow_clone_has_no_history_and_says_why(
    repository: Repository, tmp_path: Path
) -> None:
    for number in range(3):
        repository.commit({"a": str(number)}, who="A <a@x>", at=number + 1)
    shallow = tmp_path / "shallow"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(shallow))
    found = History(shallow)
    assert found.commits == ()
    assert "git fetch --unshallow" in found.missing
    before = found.past
    subprocess.run(["git", "-C", str(shallow), "fetch", "-q", "--unshallow"], check=True)
    assert len(History(shallow).commits) == 3
    assert History(shallow).past != before


def test_a_folder_below_the_top_or_without_commits_has_none(repository: Repository) -> None:
    assert "top of a git repository" in History(repository.root).missing
    (repository.root / "below").mkdir()
    repository.commit({"below/a": "1"}, who="A <a@x>")
    assert History(repository.root / "below").missing
    assert not History(repository.root).missing


def test_the_history_is_kept_and_read_again_after_a_commit(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from townsquare import git

    asked = []
    real = git.ask
    monkeypatch.setattr(git, "ask", lambda *a, **k: asked.append(a) or real(*a, **k))

    def read() -> int:
        cache = Cache(tmp_path / "cache")
        found = len(History(repository.root, cache).commits)
        cache.save()
        return found

    repository.commit({"a": "1"}, who="A <a@x>")
    assert [read(), read(), len(asked)] == [1, 1, 1]
    repository.commit({"a": "2"}, who="A <a@x>")
    assert [read(), len(asked)] == [2, 2]


@pytest.mark.parametrize("how", ["loose", "packed", "detached", "worktree", "nested"])
def test_the_commit_is_the_one_that_git_names(
    repository: Repository, tmp_path: Path, how: str
) -> None:
    repository.commit({"deep/a": "1"}, who="A <a@x>")
    place = repository.root
    match how:
        case "packed":
            repository.git("pack-refs", "--all")
        case "detached":
            repository.git("checkout", "-q", "--detach")
        case "worktree":
            place = tmp_path / "tree"
            repository.git("worktree", "add", "-q", "-b", "feature/x", str(place))
        case "nested":
            place = repository.root / "deep"
    assert checkout.head(str(place)) == repository.git("rev-parse", "HEAD")
    if how == "worktree":
        assert [c.authors[0].name for c in commits(place)] == ["A"]


def test_git_that_refuses_is_said_and_stops_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a": "1"}, who="A <a@x>")
    monkeypatch.setenv("PATH", "")
    found = History(repository.root)
    assert found.commits == ()
    assert found.missing == "git did not tell it"
    assert found.refusal == "git was not found"
    assert found.is_partial


@pytest.mark.parametrize(
    "trailer",
    [
        "AA A <a\fb@x>",
        "AA A <a\u2028b@x>",
        "A\x1cA A <a@x>",
        "Quiet Person <quiet@x\n (work)>",
    ],
)
def test_no_trailer_moves_one_person_s_work_to_another(repository, trailer):
    rest = "Co-authored-by: Bo B <bo@x>\nCo-authored-by: Cy C <cy@x>\nReviewed-by: Dee D <dee@x>"
    repository.commit({"a": "1"}, f"x\n\nCo-authored-by: {trailer}\n{rest}", who="Ana <ana@x>")
    assert not History(repository.root).missing
    [only] = commits(repository.root)
    assert {"Ana", "Bo B", "Cy C"} <= {each.name for each in only.authors}
    assert only.reviewers == (Contact("Dee D", "dee@x"),)


def test_a_name_that_mailmap_spoils_stays_as_it_was_written(repository):
    (repository.root / ".mailmap").write_text("Bo > B <bo2@x> <bo@x>\n")
    message = "x\n\nCo-authored-by: Bo <bo@x>\nCo-authored-by: Cy <cy@x>"
    repository.commit({"a": "1"}, message, who="Ana <ana@x>")
    [only] = commits(repository.root)
    assert {"Ana", "Bo", "Cy"} == {each.name for each in only.authors}


@pytest.mark.parametrize("at", ["-10000000000", "1000000000000", "0", "soon", ""])
def test_a_commit_of_any_date_is_one_that_can_be_reckoned_with(repository, at):
    repository.commit({"a": "1"}, who="A <a@x>")
    tree, parent = (repository.git("rev-parse", of) for of in ("HEAD^{tree}", "HEAD"))
    who = f"A <a@x> {at} +0000"
    said = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nx\n"
    line = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    made = repository.git(*line, given=said.encode())
    repository.git("update-ref", "refs/heads/main", made)
    assert all(EARLIEST <= each.at <= LATEST for each in commits(repository.root))
    assert len(commits(repository.root)) == 2


@pytest.mark.parametrize(
    "choice",
    [
        ("log.showSignature", "true"),
        ("mailmap.file", "other"),
        ("diff.orderFile", "missing"),
        ("log.follow", "true"),
        ("core.quotePath", "true"),
        ("color.ui", "always"),
    ],
)
def test_a_user_s_own_settings_change_nothing(repository, choice):
    (repository.root / "other").write_text("Somebody <else@x> <a@x>\n")
    repository.commit({"ü.md": "1"}, "x\n\nReviewed-by: B <b@x>", who="A <a@x>")
    before = commits(repository.root)
    repository.git("config", *choice)
    assert commits(repository.root) == before
    assert not History(repository.root).missing


def test_a_replaced_commit_is_told_as_it_was_made(repository):
    repository.commit({"a": "1"}, who="A <a@x>", at=1)
    repository.commit({"a": "2"}, who="A <a@x>", at=2)
    repository.git("replace", "--graft", "HEAD")
    assert len(commits(repository.root)) == 2


def test_a_grafted_commit_is_told_as_it_was_made(repository):
    repository.commit({"a": "1"}, who="A <a@x>", at=1)
    last = repository.commit({"a": "2"}, who="A <a@x>", at=2)
    (repository.root / ".git/info").mkdir(exist_ok=True)
    (repository.root / ".git/info/grafts").write_text(f"{last}\n")
    assert len(commits(repository.root)) == 2


def test_the_history_is_that_of_the_commit_at_which_it_was_begun(repository, tmp_path):
    repository.commit({"a": "1"}, who="A <a@x>")
    begun = History(repository.root, Cache(tmp_path / "cache"))
    repository.commit({"a": "2"}, who="A <a@x>")
    assert len(begun.commits) == 1


def test_a_branch_that_is_another_name_of_one_is_followed(repository):
    repository.commit({"a": "1"}, who="A <a@x>")
    repository.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    repository.git("symbolic-ref", "HEAD", "refs/heads/alias")
    assert checkout.head(str(repository.root)) == repository.git("rev-parse", "HEAD")
    repository.git("symbolic-ref", "refs/heads/main", "refs/heads/alias")
    assert checkout.head(str(repository.root)) is None


@pytest.mark.parametrize(
    "path", [".cache/townsquare.sqlite", ".CACHE/x", "below/.cache/x", ".cache"]
)
@pytest.mark.parametrize("version", ["2", "4"])
def test_a_committed_cache_is_found_in_any_index(repository, path, version):
    repository.commit({"below/a.md": "a", "links.cache.md": "b"}, who="Ana <a@b.c>")
    top, root = repository.root, repository.root / ("below" if "below" in path else "")
    repository.git("update-index", "--index-version", version)
    assert not checkout.tracks(str(root), ".cache")
    repository.commit({path: "evil"}, who="Ana <a@b.c>")
    repository.git("update-index", "--index-version", version)
    assert checkout.tracks(str(root), ".cache")
    assert checkout.tracks(str(top), ".cache") is ("below" not in path)


def test_a_committed_cache_is_found_in_a_split_index(repository):
    repository.commit({".cache/x": "evil"}, who="Ana <a@b.c>")
    repository.git("update-index", "--split-index")
    assert checkout.tracks(str(repository.root), ".cache")
