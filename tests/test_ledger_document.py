"""ledger.json: one form, read without trust, found where people say it is."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_ledgers import DAY, FIRST, NOW, Event, build

from townsquare.ledger import Beginning, Previous, decode, encode, fingerprint, load
from townsquare.problems import SetupError

CALL = Event(aliases=("old/",), overrides=(("20260528T160000Z", NOW),))
LIVE = build(FIRST, CALL, Event(id="b", address="b/")).ledger
GROWN = build(build(FIRST, CALL), now=NOW + DAY).ledger


def test_the_document_has_one_form():
    assert encode(build(FIRST, Event()).ledger).decode() == (
        '{\n"format": "townsquare-ledger/1",\n"authority": "example.org,2026",\n'
        '"first_sequence": 0,\n"preview": false,\n"entries": [\n'
        '{"address":"events/call/","calendars":["events.ics"],"digest":"Call|2026-05-21 '
        '16:00:00+00:00||","key":"event:call","start":"2026-05-21 16:00","title":"Call"}\n],\n'
        '"components": [\n{"created":"2026-05-01T12:00:00Z","ends":"2026-05-21T17:00:00Z",'
        '"entry":"event:call","lines":"b35c065e655c4eac0696f8cd1d9a4fae",'
        '"modified":"2026-05-01T12:00:00Z","raised":"2026-05-01T12:00:00Z","sequence":0,'
        '"significant":"1c3e03a8e630aa300002a036d5fb7a1b","title":"Call",'
        '"tombstone":"UID:event-call@example.org\\r\\nSUMMARY:Call\\r\\n'
        'DTSTART:20260521T160000Z\\r\\nSTATUS:CANCELLED\\r\\n","uid":"event-call@example.org"}\n'
        '],\n"machines": [\n{"address":"events.ics","title":"Events"}\n]\n}\n'
    )


def test_a_record_stands_on_a_line_of_its_own():
    lines = encode(LIVE).decode().split("\n")
    assert sum('"key":"event:call"' in line for line in lines) == 1
    assert all(json.loads(line.rstrip(",")) for line in lines if line.startswith('{"'))


DAMAGE = {
    "cut short": lambda text: text[:-20],
    "no object": lambda _: "[]",
    "deep": lambda _: "[" * 100_000,
    "another format": lambda text: text.replace("ledger/1", "ledger/2"),
    "an unknown member": lambda text: text.replace('"preview"', '"more": 1, "preview"'),
    "a missing member": lambda text: text.replace('"preview": false,\n', ""),
    "a member twice": lambda text: text.replace('"preview"', '"format": "x", "preview"'),
    "a record twice": lambda text: text.replace('"key":"event:b"', '"key":"event:call"'),
    "a component twice": lambda text: text.replace("event-b@", "event-call@"),
    "a negative sequence": lambda text: text.replace('"sequence":0', '"sequence":-1'),
    "a huge sequence": lambda text: text.replace('"sequence":0', f'"sequence":{2**31}'),
    "an endless number": lambda text: text.replace('"sequence":0', '"sequence":' + "9" * 9999),
    "a fraction": lambda text: text.replace('"sequence":0', '"sequence":0.5'),
    "true for a number": lambda text: text.replace('"sequence":0', '"sequence":true'),
    "not a number": lambda text: text.replace('"sequence":0', '"sequence":NaN'),
    "a local time": lambda text: text.replace("12:00:00Z", "12:00:00"),
    "a way out of the site": lambda text: text.replace('"old/"', '"../old/"'),
    "an absolute path": lambda text: text.replace('"old/"', '"/etc/passwd"'),
    "a Windows path": lambda text: text.replace('"old/"', '"C:\\\\x"'),
    "a calendar out of the site": lambda text: text.replace('"events.ics"', '"a/../../x"'),
    "a component in a component": lambda text: text.replace("SUMMARY:Call", "END:VEVENT"),
    "no line end": lambda text: text.replace("STATUS:CANCELLED\\r\\n", "STATUS:CANCELLED"),
    "a control character": lambda text: text.replace("SUMMARY:Call", "SUMMARY:\\u0000"),
    "a line break in a title": lambda text: text.replace('"title":"Call"', '"title":"a\\nb"'),
    "a lone surrogate": lambda text: text.replace('"title":"Call"', '"title":"\\ud800"'),
    "a list for text": lambda text: text.replace('"title":"Call"', '"title":["Call"]'),
    "text for a list": lambda text: text.replace('["old/"]', '"old/"'),
    "Latin-1": None,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_ledger_is_refused(damage):
    text = encode(LIVE).decode()
    content = damage(text).encode("utf-8", "replace") if damage else text.encode() + b"\xe9"
    assert content != text.encode()
    with pytest.raises(SetupError, match=r"the ledger at live is damaged: .*--previous lost"):
        decode(content, where="live")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_do_more_than_be_refused(content):
    with pytest.raises(SetupError):
        decode(content, where="live")


@pytest.mark.parametrize(
    "bad", [replace(CALL, address="../x/"), replace(CALL, title="a\nBEGIN:VEVENT")]
)
def test_what_could_not_be_read_back_is_not_written(bad):
    with pytest.raises(ValueError, match=r"not an address|not the content lines"):
        encode(build(FIRST, bad).ledger)


# --- where it is found ---


def test_a_folder_a_file_and_their_addresses_are_read(tmp_path):
    folder = tmp_path / "the site"
    folder.mkdir()
    file = folder / "ledger.json"
    file.write_bytes(encode(GROWN))
    expected = Previous(GROWN, fingerprint(encode(GROWN)))
    for where in (folder, file, f"file://{quote(str(folder))}", f"file://{quote(str(file))}"):
        assert load(str(where)) == expected


def test_what_cannot_be_reached_stops_the_build_unless_it_is_the_first(tmp_path):
    where = str(tmp_path / "nowhere")
    with pytest.raises(SetupError, match=r"cannot be reached: .*--first-publish"):
        load(where)
    assert load(where, first_publish=True) == Previous(beginning=Beginning.FIRST)


def test_nothing_and_lost_are_beginnings():
    assert load(None) == Previous(beginning=Beginning.LOCAL)
    assert load(None, first_publish=True) == Previous(beginning=Beginning.FIRST)
    assert load("lost") == Previous(beginning=Beginning.LOST)


def test_a_damaged_ledger_stops_even_a_first_publish(tmp_path):
    (tmp_path / "ledger.json").write_bytes(b"<html>")
    with pytest.raises(SetupError, match="damaged"):
        load(str(tmp_path), first_publish=True)


def test_a_previews_ledger_is_refused(tmp_path):
    preview = build(FIRST, CALL, preview=True).ledger
    (tmp_path / "ledger.json").write_bytes(encode(preview))
    with pytest.raises(SetupError, match="belongs to a preview"):
        load(str(tmp_path), first_publish=True)


def test_a_ledger_larger_than_any_real_one_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("townsquare.ledger.previous.MAX_BYTES", 10)
    (tmp_path / "ledger.json").write_bytes(encode(GROWN))
    with pytest.raises(SetupError, match="larger than 10 bytes"):
        load(str(tmp_path))


class _Site(BaseHTTPRequestHandler):
    content = encode(GROWN)

    def do_GET(self):
        if self.path.startswith("/moved/"):
            return self._answer(302, {"Location": "/site/ledger.json"})
        if self.path.startswith("/out/"):
            return self._answer(302, {"Location": "file:///etc/passwd"})
        if self.path.startswith("/short/"):
            self._answer(200, {"Content-Length": "999999"}, self.content)
            return self.wfile.flush()
        if self.path == "/site/ledger.json":
            return self._answer(200, {}, self.content)
        return self._answer(404, {})

    def _answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/site", "/site/", "/site/ledger.json", "/moved/"])
def test_a_published_site_is_read_by_its_address(site, path):
    assert load(site + path) == Previous(GROWN, fingerprint(encode(GROWN)))


def test_an_absent_ledger_on_a_host_is_not_reached(site):
    with pytest.raises(SetupError, match="cannot be reached: HTTP Error 404"):
        load(f"{site}/elsewhere/")
    assert load(f"{site}/elsewhere/", first_publish=True).beginning is Beginning.FIRST


def test_no_redirect_leads_to_a_file_of_this_machine(site):
    with pytest.raises(SetupError, match="cannot be reached"):
        load(f"{site}/out/")


def test_an_answer_larger_than_any_real_ledger_is_cut_off(site, monkeypatch):
    monkeypatch.setattr("townsquare.ledger.previous.MAX_BYTES", 10)
    with pytest.raises(SetupError, match="larger than 10 bytes"):
        load(f"{site}/site/")


def test_an_answer_that_takes_too_long_is_given_up(site, monkeypatch):
    monkeypatch.setattr("townsquare.remote.TOTAL_SECONDS", -1.0)
    with pytest.raises(SetupError, match="cannot be reached: it took longer"):
        load(f"{site}/site/")


def test_a_port_where_nobody_answers_is_not_reached():
    with pytest.raises(SetupError, match="cannot be reached"):
        load("http://127.0.0.1:9/")
