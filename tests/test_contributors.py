"""People behind commits: merged where they are one, apart where they are two, no machines."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from communities import community
from community_files import write
from hypothesis import given
from hypothesis import strategies as st
from repositories import Made, Repository

from townsquare import cli
from townsquare.figures import contributors, past_report
from townsquare.figures.contributions import COMMIT, REVIEW, contributions
from townsquare.history import Commit, Contact

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def commits(*whom: str) -> list[Commit]:
    contacts = [Contact(*each.removesuffix(">").split(" <")) for each in whom]
    return [Commit(str(n), n, (who,), (), (), False) for n, who in enumerate(contacts)]


def groups(*whom: str, names: dict[str, str] | None = None) -> list[str]:
    """Who each contact is, in the order in which they are given; nothing for a bot."""
    made = commits(*whom)
    found = contributors.merged(made, {contributors.spelt(n): k for n, k in (names or {}).items()})
    return [found.get(each.authors[0], "") for each in made]


def test_an_address_or_a_whole_name_joins_and_a_single_word_does_not():
    one, two, three = groups("Ana Lee <a@x>", "ana <A@X>", "Ana Lee <other@x>")
    assert one == two == three
    assert len({*groups("alex <a@x>", "alex <b@x>")}) == 2


@pytest.mark.parametrize(
    "address",
    [
        "ana-lee@users.noreply.github.com",
        "123+ana-lee@users.noreply.github.com",
        "9-ana-lee@users.noreply.gitlab.com",
    ],
)
def test_hidden_addresses_of_one_login_are_one_person(address):
    other = address.replace("123+", "").replace("9-", "77-")
    assert len({*groups(f"A <{address}>", f"Ana Lee <{other}>")}) == 1
    assert groups(f"A <{address}>", names={"ana-lee": "person:ana"}) == ["person:ana"]


def test_one_login_on_two_forges_is_not_one_person():
    first, second = "x@users.noreply.github.com", "x@users.noreply.gitlab.com"
    assert len({*groups(f"A <{first}>", f"B <{second}>")}) == 2


def test_a_person_s_file_joins_names_that_have_nothing_in_common():
    names = {"ana": "person:ana", "al": "person:ana"}
    assert groups("ana <a@x>", "AL <b@x>", "ana  <c@x>", names=names) == ["person:ana"] * 3


def test_an_address_that_two_people_share_joins_nobody():
    names = {"Ana Lee": "person:ana", "Bo Bo": "person:bo"}
    assert groups("Ana Lee <team@x>", "Bo Bo <team@x>", names=names) == ["person:ana", "person:bo"]


def test_whoever_bridges_two_people_joins_one_of_them_at_most():
    names = {"Ana Lee": "person:ana", "Bo Bo": "person:bo"}
    whom = "Ana Lee <ana@x>", "Bo Bo <bo@x>", "Mal Lory <ana@x>", "Mal Lory <bo@x>"
    assert groups(*whom, names=names)[:2] == ["person:ana", "person:bo"]


def test_people_without_an_address_are_not_one():
    assert len({*groups("jdoe <>", "asmith <>")}) == 2


@pytest.mark.parametrize(
    "who",
    [
        "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
        "Renovate Bot <bot@renovateapp.com>",
        "x <29139614+renovate[bot]@users.noreply.github.com>",
        "github-actions <actions@github.com>",
        "GitHub Actions <x@y>",
    ],
)
def test_machines_are_nobody(who):
    if who.startswith("Renovate Bot"):
        [contact] = [each.authors[0] for each in commits(who)]
        assert contributors.is_bot(contact, ["renovate bot"])
    else:
        assert groups(who) == [""]


def test_people_whose_name_looks_like_a_machine_s_are_people():
    assert "" not in groups("Bot Botterson <bot@x>", "Abbot <abbot@x>", "renovator <r@x>")


CONTACTS = st.builds(
    Contact,
    st.sampled_from(["Ana Lee", "ana", "Bo", "Bo Bo", "Cy"]),
    st.sampled_from(["a@x", "b@x", "1+a@users.noreply.github.com", "a@users.noreply.github.com"]),
)


@given(st.lists(CONTACTS, max_size=12))
def test_who_is_who_does_not_depend_on_the_order_of_commits(whom):
    made = [Commit(str(n), n, (who,), (), (), False) for n, who in enumerate(whom)]
    names = {"ana": "person:ana", "bo bo": "person:bo"}
    forward, back = contributors.merged(made, names), contributors.merged(made[::-1], names)
    assert forward == back
    assert {*forward} == {*whom}
    for first in whom:
        for second in whom:
            if first.address == second.address and forward[first] != forward[second]:
                claims = {names.get(each.name.casefold()) for each in whom} - {None}
                assert len(claims) > 1


PEOPLE = {
    "ana": (
        "Ana Lee <ana@example.org>",
        "ana <5+ana-lee@users.noreply.github.com>",
        "A. Lee <ana-lee@users.noreply.github.com>",
        "alee <old@example.com>",
    ),
    "bo": ("Bo <bo@example.org>", "Bo Bo <12-bobo@users.noreply.gitlab.com>"),
    "cy": ("Cy Nova <cy@example.org>",),
    "quiet": ("Quinn Uiet <q@example.org>", "qu <q@example.org>"),
}
STRANGERS = ("Dee Doe <dee@example.net>", "E. Eff <e@example.net>", "gee <gee@example.net>")
BOTS = (
    "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
    "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
    "Sweeper <sweep@example.org>",
)
FILES = {
    "mkdocs.yml": "site_name: T\nextra:\n  townsquare:\n    bots: [Sweeper]\n",
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/people/ana.md": "---\ntitle: Ana Lee\ngit: [ana-lee, alee]\n---\n",
    "content/people/bo.md": "---\ntitle: Bo\ngit: [Bo, Bo Bo]\n---\n",
    "content/people/cy.md": "---\ntitle: Cy Nova\n---\n",
    "content/people/quiet.md": "---\ntitle: Quinn Uiet\nlisted: no\n---\n",
}


class Truth:
    """A history of 1,300 commits, counted while they are thought up."""

    def __init__(self, root: Path) -> None:
        draw = random.Random(7)
        self.commits, self.reviews = Counter[str](), Counter[str]()
        self.merges = self.bots = 0
        made: list[Made] = []
        everybody = [(key, who) for key, whole in PEOPLE.items() for who in whole]
        everybody += [(who, who) for who in STRANGERS]
        at = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
        for number in range(1_240):
            at += draw.randrange(3_600, 80_000)
            if draw.random() < 0.3:
                made.append(Made(draw.choice(BOTS), at))
                self.bots += 1
                continue
            key, who = draw.choice(everybody)
            files = tuple(f"f{n}.txt" for n in range(150)) if number % 400 == 399 else ("a.txt",)
            message = "Change"
            if draw.random() < 0.1:
                reviewer, by = draw.choice(everybody)
                message += f"\n\nReviewed-by: {by}"
                self.reviews[reviewer] += 1
            if draw.random() < 0.05:
                second, other = draw.choice(everybody)
                made.append(Made(who, at, files, message, second=other))
                # Both branches' commits carry the message.
                self.merges += 1
                self.commits[second] += 1
                if "Reviewed" in message:
                    self.reviews[reviewer] += 1
                continue
            self.commits[key] += 1
            made.append(Made(who, at, files, message))
        self.count = len(made) + self.merges
        self.repository = Repository(root)
        write(root, FILES)
        self.repository.git("add", "-A")
        self.repository.git("commit", "-q", "-m", "Begin", who=PEOPLE["cy"][0], at=1_700_000_000)
        self.commits["cy"] += 1
        self.repository.add_all(made)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return Truth(tmp_path_factory.mktemp("truth"))


def test_one_person_under_two_names_did_a_commit_once(tmp_path):
    repository = Repository(tmp_path)
    write(tmp_path, FILES)
    message = "x\n\nCo-authored-by: ana <5+ana-lee@users.noreply.github.com>"
    repository.commit({}, message, who=PEOPLE["ana"][0])
    found = contributions(community(tmp_path, FILES, now=NOW))
    assert [(each.who, each.role) for each in found] == [("person:ana", COMMIT)]


def counted(found: list, role: str) -> Counter[str]:
    return Counter(each.who for each in found if each.role == role)


def test_a_long_history_gives_the_truth_of_those_who_made_it(truth):
    assert truth.count > 1_000
    made = community(truth.repository.root, FILES, now=NOW)
    found = contributions(made)
    for role, known in ((COMMIT, truth.commits), (REVIEW, truth.reviews)):
        told = counted(found, role)
        assert {who: n for who, n in told.items() if who.startswith("person:")} == {
            f"person:{key}": known[key] for key in PEOPLE if known[key]
        }
        others = sorted(n for who, n in told.items() if not who.startswith("person:"))
        assert others == sorted(known[key] for key in STRANGERS if known[key])
    past = {each.id: each.value for each in past_report.past(made).figures}
    assert past == {
        "commits": sum(truth.commits.values()),
        "merges": truth.merges,
        "bot-commits": truth.bots,
        "committers": len(PEOPLE) + len(STRANGERS),
        "without-a-file": len(STRANGERS),
    }
    assert sorted(each.commits for each in past_report.unknown(made)) == sorted(
        truth.commits[who] for who in STRANGERS
    )


def test_the_command_says_that_truth_and_who_has_no_file(truth):
    line = ["report", "--root", str(truth.repository.root), "--now", NOW.isoformat()]
    told = json.loads(CliRunner().invoke(cli.main, [*line, "--format", "json"]).output)
    [section] = [each for each in told["sections"] if each["id"] == "history"]
    values = {each["id"]: each["value"] for each in section["figures"]}
    assert values["commits"] == sum(truth.commits.values())
    assert (values["merges"], values["bot-commits"]) == (truth.merges, truth.bots)
    assert values["without-a-file"] == len(STRANGERS)
    text = CliRunner().invoke(cli.main, line).output
    assert f"{len(STRANGERS)} committed and have no person file" in text
    assert text.count("new.py person --from-git") == len(STRANGERS)
    assert "@example.net" not in text


def test_this_repository_s_history_is_what_git_s_own_commands_count():
    if not (ROOT / ".git").exists():
        pytest.skip("no git history of this repository")
    script = (
        "git log --no-merges --format=%aE | sort | uniq -c | awk '{n += $1} END {print n+0, NR}'"
    )
    line = ["bash", "-c", script]
    said = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    commits, addresses = map(int, said.split())
    from townsquare import build

    held = build.check(ROOT, now=datetime.now(UTC)).library
    if held.history.missing:
        pytest.skip(f"no git history of this repository: {held.history.missing}")
    own = [each for each in held.history.commits if not each.is_merge]
    assert len(own) == commits
    assert len({each.authors[0].address for each in own}) == addresses
