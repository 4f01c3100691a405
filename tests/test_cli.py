"""The commands as people type them: options, exit codes, and where each line goes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from communities import write
from repositories import Repository

from townsquare import cli, commands, options, output
from townsquare.codes import CODES

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests/golden/community"
NOW = "2026-11-23T12:00:00Z"
HOME = "---\ntitle: Home\n---\nHello.\n"
POST = "---\ntitle: Hello\ndate: 2026-01-05\n---\nText.\n"
WRONG = "---\ntitle: Wrong\n---\nText.\n"
BROKEN_LINK = "---\ntitle: Link\ndate: 2026-01-05\n---\n[Nothing](nothing.md)\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(each) for each in arguments])


def build(root: Path, *options: str | Path, now: str = NOW) -> Result:
    return run("build", "--root", root, "--now", now, *options)


def check(root: Path, *options: str | Path, now: str = NOW) -> Result:
    return run("check", "--root", root, "--now", now, *options)


def options_of(command: click.Command) -> set[str]:
    return {name for each in command.params for name in each.opts if name.startswith("--")}


@pytest.fixture
def community(tmp_path: Path) -> Path:
    return write(tmp_path / "community", {"content/index.md": HOME, "content/blog/hello.md": POST})


@pytest.mark.parametrize("name", sorted(cli.main.commands))
def test_every_command_and_option_says_what_it_is_for(name):
    command = cli.main.commands[name]
    said = run(name, "--help").output
    assert command.help and command.help.split("\n")[0].split(".")[0][:30] in said
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.name}"
            assert option.opts[0] in said


DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))


def test_every_command_and_option_stands_in_a_document():
    written = "".join(file.read_text("utf-8") for file in DOCUMENTS)
    names = {f"scripts/{name}.py" for name in cli.main.commands}
    for command in cli.main.commands.values():
        names |= options_of(command)
    missing = sorted(n for n in names if not re.search(rf"{re.escape(n)}(?![\w-])", written))
    assert missing == []


def test_every_command_has_a_script():
    assert {f"{name}.py" for name in cli.main.commands} <= {
        file.name for file in (ROOT / "scripts").iterdir()
    }


def test_a_whole_community_is_built_and_the_code_is_0(community):
    done = build(community)
    assert (done.exit_code, done.stdout) == (0, "")
    assert (community / "site/blog/hello/index.html").is_file()
    assert "1 post, 0 events, 0 occurrences" in done.stderr
    assert "no `site_url` in mkdocs.yml" in done.stderr


def test_a_folder_without_any_content_is_taken_for_a_mistake(tmp_path):
    root = tmp_path / "empty"
    root.mkdir()
    for done in (build(root), check(root)):
        assert done.exit_code == 2
        assert "has none of content/, events/, guidelines/" in done.stderr
    (root / "events").mkdir()
    assert build(root).exit_code == 0
    assert (root / "site/index.html").is_file()


def test_errors_are_code_1_and_leave_the_old_site_as_it_was(community):
    build(community)
    before = snapshot(community / "site")
    write(community, {"content/blog/wrong.md": WRONG})
    done = build(community)
    assert done.exit_code == check(community).exit_code == 1
    assert "content/blog/wrong.md:1:1: error" in done.stdout
    assert "Nothing was built" in done.stderr
    assert snapshot(community / "site") == before


def test_warnings_are_code_0_unless_strict(community):
    write(community, {"content/blog/link.md": BROKEN_LINK})
    assert check(community).exit_code == 0
    done = check(community, "--strict")
    assert done.exit_code == 1
    assert "error: `nothing.md` leads nowhere [link-broken]" in done.stdout
    assert build(community, "--strict").exit_code == 1


def test_what_the_system_refuses_is_told_in_one_line(community):
    (community / "taken").write_text("a file")
    done = build(community, "--out", str(community / "taken/site"))
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1 and "townsquare: the system says:" in done.stderr


def test_a_drawing_that_cannot_be_shown_is_left_out_by_a_build_that_keeps_going(community):
    partner = "---\ntitle: Acme\nurl: https://acme.net\nlogo: {src: a.svg, alt: An anvil}\n---\n"
    write(community, {"content/partners/acme.md": partner, "content/partners/a.svg": "<svg/>"})
    done = build(community, "--keep-going")
    assert done.exit_code == 1
    assert "[drawing-invalid]" in done.stdout
    assert "left out for their errors: content/partners/a.svg" in done.stderr
    assert not list((community / "site/partners").rglob("*.svg"))
    page = (community / "site/partners/acme/index.html").read_text()
    assert "<h1>Acme</h1>" in page and "a.svg" not in page


def test_a_missing_root_is_code_2(tmp_path):
    done = check(tmp_path / "nowhere")
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_keep_going_leaves_out_what_is_faulty_names_it_and_ends_with_1(community):
    write(community, {
        "content/blog/wrong.md": WRONG,
        "content/blog/broken.md": "---\ntitle: 'Broken\ndraft: yes\n---\nA secret.\n",
        "content/people/ana.md": "---\ntitle: Ana\nlisted: perhaps\n---\n",
        "content/partners/acme.md": "---\ntitle: Acme\n---\n",
        "content/onboarding/first.md": "---\ntitle: First\nminutes: many\n---\n",
        "guidelines/rules.md": "---\ntitle: Rules\n---\n",
        "events/fair.md": "---\ntitle: Fair\nstart: soon\n---\n",
        "content/blog/signed.md": POST.replace(
            "date", "authors: [ana]\npartners: [acme]\nevent: fair\ndate"
        ),
        "content/onboarding/paths/all.md": "---\ntitle: All\nguides: [first]\nowner: ana\n---\n",
        "content/onboarding/second.md": "---\ntitle: Second\nprerequisites: [first]\n---\n",
        "events/talk.md": (
            "---\ntitle: Talk\nstart: 2026-12-01 18:00\norganisers: [ana, acme]\n"
            "part_of: fair\npartners: [acme]\nspeakers: [ana]\n---\n"
        ),
    })  # fmt: skip
    done = build(community, "--keep-going")
    assert done.exit_code == 1
    assert done.stdout.count(" error: ") == 9
    left_out = re.search("left out for their errors: (.*)", done.stderr)[1].split(", ")
    assert left_out == [
        *("content/blog/broken.md", "content/blog/wrong.md", "content/onboarding/first.md"),
        *("content/partners/acme.md", "content/people/ana.md", "events/fair.md"),
        "guidelines/rules.md",
    ]
    site = community / "site"
    assert (site / "blog/hello/index.html").is_file()
    assert (site / "calendars/events/talk.ics").is_file()
    assert not (site / "blog/broken").exists()
    assert not any("A secret" in text for text in texts_of(site))


def test_keep_going_does_not_go_on_without_settings_topics_or_a_folder(community):
    for path, text in {
        "mkdocs.yml": "site_url: here\n",
        "content/tags.yml": "- a\n",
        "events": "a file\n",
    }.items():
        write(community, {path: text})
        done = build(community, "--keep-going")
        assert done.exit_code == 1
        assert "no entry that could be left out" in done.stderr
        assert not (community / "site").exists()
        (community / path).unlink()


def test_a_site_is_not_built_into_the_content(community):
    for place in ("content", "content/site", "events"):
        done = build(community, "--out", community / place)
        assert done.exit_code == 2
        assert "choose another `--out`" in done.stderr


def test_a_folder_that_no_build_made_is_not_replaced(community, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work")
    assert build(community, "--out", tmp_path / "mine").exit_code == 2
    assert (tmp_path / "mine/thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("2026-11-23T12:00:00Z", 0),
        ("2026-11-23T12:00:00+01:00", 0),
        ("2026-11-23 12:00:00+00:00", 0),
        ("2026-11-23T12:00:00", 2),
        ("2026-11-23", 2),
        ("yesterday", 2),
        ("1969-12-31T00:00:00Z", 2),
        ("9999-12-31T23:59:59-14:00", 2),
        ("0001-01-01T00:00:00+14:00", 2),
    ],
)
def test_now_is_an_instant_with_a_zone(community, now, code):
    done = check(community, now=now)
    assert done.exit_code == code
    assert "Traceback" not in done.output


def test_without_now_source_date_epoch_counts(community, monkeypatch):
    write(community, {"content/blog/soon.md": POST.replace("2026-01-05", "2026-11-23 12:01")})
    arguments = ("build", "--root", community)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795435200")
    assert "the next change falls due at 2026-11-23T12:01:00Z" in run(*arguments).stderr
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "now")
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "townsquare: SOURCE_DATE_EPOCH is `now`, not a number of seconds since 1970\n"
    )


@pytest.mark.parametrize("form", options.FORMATS)
def test_problems_go_to_standard_output_in_every_form_and_nothing_else_does(community, form):
    write(community, {"content/blog/link.md": BROKEN_LINK})
    for done in (check(community, "--format", form), build(community, "--format", form)):
        assert done.exit_code == 0
        assert "link-broken" in done.stdout or "link_broken" in done.stdout
        assert "next change" not in done.stdout
        if form in ("gitlab", "sarif", "json"):
            json.loads(done.stdout)


@pytest.mark.parametrize("code", ["ends-before-start", "ends_before_start", "[ends-before-start]"])
def test_a_code_is_explained_as_it_is_printed(code):
    done = run("check", "--explain", code)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"ends-before-start (error)\n\n{CODES['ends_before_start'].why}\n"


def test_an_unknown_code_is_answered_with_the_one_that_was_meant():
    done = run("check", "--explain", "ends-befor-start")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "townsquare: no code is called `ends-befor-start`; did you mean `ends-before-start`?\n"
    )


def test_a_new_entry_of_an_unknown_kind_is_answered_with_the_kinds(community):
    done = run("new", "evnt", "May call", "--root", community)
    assert done.exit_code == 2
    assert "there is no kind `evnt`; did you mean `event`? the kinds are post, event" in done.stderr


def test_a_new_entry_is_dated_in_the_communitys_zone_and_its_path_is_printed(community):
    write(community, {"mkdocs.yml": "extra: {townsquare: {timezone: Pacific/Auckland}}\n"})
    now = "2026-12-31T12:00:00Z"
    done = run("new", "post", "A new year", "--root", community, "--now", now)
    file = community / "content/blog/2027/a-new-year.md"
    assert (done.exit_code, done.stdout) == (0, f"{file}\n")
    assert "date: 2027-01-01" in file.read_text("utf-8")
    again = run("new", "post", "A new year", "--root", community, "--now", now)
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_a_bug_of_ours_is_told_as_one_with_a_traceback_and_code_2(community, monkeypatch):
    monkeypatch.setattr(commands, "check", lambda *_, **__: 1 // 0)
    done = check(community)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "ZeroDivisionError" in done.stderr
    assert done.stderr.endswith(
        "townsquare: this is a bug of ours: please report the lines above\n"
    )


def test_stopping_a_build_leaves_the_old_site_and_nothing_beside_it(community, monkeypatch):
    build(community)
    write(community, {"content/blog/newer.md": POST})  # so that there is a spare folder
    build(community)
    before, beside = snapshot(community / "site"), sorted(community.iterdir())

    def interrupted(*_):
        raise KeyboardInterrupt

    write(community, {"content/blog/new.md": POST})
    monkeypatch.setattr(output, "flush", interrupted)
    done = build(community)
    assert done.exit_code == 130
    assert done.stderr == "townsquare: stopped; what was published before is untouched\n"
    assert snapshot(community / "site") == before
    assert sorted(community.iterdir()) == beside


def test_what_falls_due_next_is_told_to_the_steps_of_a_workflow(community, tmp_path, monkeypatch):
    said, summary = tmp_path / "output", tmp_path / "summary"
    said.write_text("before=1\n")
    monkeypatch.setenv("GITHUB_OUTPUT", str(said))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    write(community, {"content/blog/soon.md": POST.replace("2026-01-05", "2026-11-24")})
    assert build(community).exit_code == 0
    assert said.read_text() == "before=1\nnext_change=2026-11-24T00:00:00Z\n"
    lines = summary.read_text("utf-8").splitlines()
    assert lines[0].startswith(f"- {community / 'site'}: ")
    assert lines[-2] == "- the next change falls due at 2026-11-24T00:00:00Z"
    assert re.fullmatch(r"- at most \d+ MiB of memory, and \d+ MiB in a helper", lines[-1])


def snapshot(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def texts_of(folder: Path) -> list[str]:
    return [data.decode("utf-8", "replace") for data in snapshot(folder).values()]


@pytest.mark.parametrize("words", [["walk"], ["former"], ["event", "--checklist"], ["post", " "]])
def test_what_is_missing_is_said_and_no_bug(words):
    done = run("new", *words)
    assert done.exit_code == 2
    assert "TITLE" in done.output or "a title is what readers see first" in done.output
    assert "Traceback" not in done.output


def test_a_faulty_file_makes_no_link_to_what_tools_collected_a_broken_one(community):
    write(
        community,
        {
            "data/imports/acme-posts.json": (GOLDEN / "data/imports/acme-posts.json").read_text(),
            "content/partners/acme.md": (
                "---\ntitle: Acme\nurl: https://acme.example/\n"
                "imports: [{url: https://acme.example/feed.xml, what: posts}]\n---\n"
            ),
            "content/blog/hello.md": POST + "\n[News](/partners/news/)\n",
            "content/blog/bad.md": '---\ntitle: ""\ndate: 2026-01-05\n---\nText.\n',
        },
    )
    done = run("check", "--root", str(community), "--now", "2026-11-23T12:00:00Z")
    assert "[field-missing]" in done.output or "[value-invalid]" in done.output
    assert "link-broken" not in done.output


@pytest.mark.parametrize(
    "command", [["build"], ["check"], ["publish", "out"], ["report"], ["serve"]]
)
def test_a_cache_that_commits_brought_is_not_believed(community, command):
    repository = Repository(community)
    repository.commit({".cache/townsquare.sqlite": "x"}, who="Mallory <m@example.org>")
    done = run(*command, "--root", community)
    assert done.exit_code == 2
    assert "commits hold .cache/, which nobody reviews: `git rm -r --cached .cache`" in done.stderr
