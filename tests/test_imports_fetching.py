"""A stranger's address is asked in bounded time and size, and never where it should not lead."""

from __future__ import annotations

import gzip
import ipaddress
import shutil
import ssl
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving import Server, answer, redirect, repeated, server

from townsquare.imports import SourceFailed, hosts
from townsquare.imports.fetching import MAX_REDIRECTS, Answer, Known, Policy, fetch

RSS = frozenset(("application/rss+xml", "text/xml"))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


def failure(url: str, policy: Policy) -> str:
    """Why nothing comes from the address."""
    with pytest.raises(SourceFailed) as raised:
        fetch(url, RSS, policy=policy)
    return str(raised.value)


def got(url: str, policy: Policy, known: Known = Known()) -> Answer:  # noqa: B008 — frozen
    found = fetch(url, RSS, policy=policy, known=known)
    assert found
    return found


# --- where it may lead ------------------------------------------------------------------------

LOCAL = """
    127.0.0.1 127.9.9.9 10.0.0.1 172.16.5.5 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
    224.0.0.1 255.255.255.255 198.18.0.1 192.0.2.1 240.0.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1
    fec0::1 ff02::1 2001:db8::1 ::ffff:10.0.0.1 ::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1
    2002:7f00:1:: 2001:0:0:0:0:0:f5ff:fffe nothing 1.2.3
    """


@pytest.mark.parametrize("address", LOCAL.split())
def test_addresses_that_are_not_everybodys_are_refused(address: str) -> None:
    assert not hosts.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert hosts.is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_inside_an_ipv6_address(
    address: ipaddress.IPv4Address,
) -> None:
    number = int(address)
    forms = {
        f"::ffff:{address}",
        str(ipaddress.IPv6Address((0x0064FF9B << 96) | number)),
        str(ipaddress.IPv6Address((0x2002 << 112) | number << 80)),
    }
    assert {hosts.is_public(form) for form in forms} == {hosts.is_public(str(address))}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1/", "leads to 127.0.0.1, which is not public"),
        ("https://2130706433/", "leads to 127.0.0.1, which is not public"),
        ("https://0x7f.1/", "leads to 127.0.0.1, which is not public"),
        ("https://[::1]/", "leads to ::1, which is not public"),
        ("https://[::ffff:169.254.169.254]/latest", "which is not public"),
        ("https://localhost/", "which is not public"),
        ("http://example.org/", "only https is asked, and this is `http:`"),
        ("file:///etc/passwd", "only https is asked, and this is `file:`"),
        ("ftp://example.org/", "only https is asked, and this is `ftp:`"),
        ("https://user@example.org/", "names no host, or a user before it"),
        ("https:///path", "names no host, or a user before it"),
        ("https://exa mple.org:port/", "this is no address"),
        ("https://" + "a" * 64 + ".org/", "this is no address"),
    ],
)
def test_commands_ask_public_https_addresses_only(url: str, why: str) -> None:
    assert why in failure(url, Policy())


def test_one_address_of_a_host_that_is_not_public_is_enough_to_refuse_it() -> None:
    policy = Policy(resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    assert failure("https://a.example/", policy) == (
        "`a.example` leads to 10.0.0.1, which is not public"
    )


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_looked_at() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int, _seconds: float) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with server({"/": answer(b"<rss/>")}) as there:
        url = there.url("/", "rebound.example")
        assert got(url, there.policy(resolve=resolve)).data == b"<rss/>"
        assert [headers["host"] for _, headers in there.asked] == [f"rebound.example:{there.port}"]
    assert asked == ["rebound.example"]


def test_a_redirect_is_looked_at_like_the_first_address() -> None:
    with server() as there:
        elsewhere = {
            f"http://127.0.0.1:{there.port + 1}/": "leads to 127.0.0.1, which is not public",
            "https://10.0.0.1/": "leads to 10.0.0.1, which is not public",
            "https://[::1]/": "leads to ::1, which is not public",
            "file:///etc/passwd": "only http or https is asked, and this is `file:`",
            "gopher://127.0.0.1/": "only http or https is asked, and this is `gopher:`",
            "http://[/": "it redirects to what is no address",
            "": "it redirects in a circle",
        }
        for number, (to, why) in enumerate(elsewhere.items()):
            there.answers[f"/{number}"] = redirect(to)
            assert why in failure(there.url(f"/{number}"), there.policy()), to


def test_a_redirect_from_https_to_http_is_refused(tls: Tls) -> None:
    with server({"/": redirect("http://partner.example/")}, tls.server) as there:
        policy = there.policy(schemes=("https",), resolve=local, tls=tls.trusting)
        why = failure(there.url("/", "partner.example"), policy)
    assert why == "only https is asked, and this is `http:`"


def test_redirects_in_a_circle_or_without_end_are_refused() -> None:
    with server({"/a": redirect("/b"), "/b": redirect("/a")}) as there:
        assert failure(there.url("/a"), there.policy()) == "it redirects in a circle"
        assert [path for path, _ in there.asked] == ["/a", "/b"]
        for number in range(20):
            there.answers[f"/{number}"] = redirect(f"/{number + 1}")
        there.asked.clear()
        assert failure(there.url("/0"), there.policy()) == "it redirects more than 5 times"
        assert len(there.asked) == MAX_REDIRECTS + 1


def test_redirects_are_followed_and_a_lasting_one_is_told() -> None:
    with server() as there:
        there.answers |= {
            "/old": redirect("/new", 301),
            "/new": redirect("/now", 302),
            "/now": answer(b"x"),
        }
        lasting, passing = (got(there.url(at), there.policy()) for at in ("/old", "/new"))
        assert (lasting.url, lasting.moved) == (there.url("/now"), there.url("/new"))
        assert (passing.url, passing.moved) == (there.url("/now"), "")


# --- how long and how much --------------------------------------------------------------------


@pytest.mark.parametrize(
    "slow",
    [
        repeated(HEAD + b"\r\n", b"x", 400, 0.05),
        repeated(b"HTTP/1.1 200 OK\r\nX: ", b"x", 400, 0.05),
        repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 400, 0.05),
        repeated(b"", b"", 1, 20),
    ],
    ids=["a body drips", "a head drips", "only more is promised", "nothing comes"],
)
def test_what_drips_is_given_up(slow) -> None:
    with server({"/": slow}) as there:
        assert failure(there.url("/"), there.policy(seconds=0.5)) == (
            "it takes longer than 0.5 seconds"
        )


def test_a_tls_handshake_that_never_ends_is_given_up() -> None:
    with server({}, None) as there:
        url = there.url("/").replace("http:", "https:")
        # The server waits for a request's end, which a handshake has none of.
        assert failure(url, there.policy(seconds=0.5)) == "it takes longer than 0.5 seconds"


def test_an_endless_body_ends_at_the_limit() -> None:
    with server({"/": repeated(HEAD + b"\r\n", b"x" * 65536, 100_000)}) as there:
        why = failure(there.url("/"), there.policy(max_bytes=1_000_000))
    assert why == "it is larger than 1000000 bytes"


def test_an_endless_head_is_refused() -> None:
    with server({"/": repeated(HEAD, b"X-More: yes\r\n", 100_000)}) as there:
        assert failure(there.url("/"), there.policy()) == "its answer is no HTTP (HTTPException)"


def test_a_gzip_bomb_is_never_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with server({"/": answer(bomb, Content_Encoding="gzip")}) as there:
        assert failure(there.url("/"), there.policy()) == (
            "it is larger than 5242880 bytes when unpacked"
        )


def test_packed_answers_are_unpacked_and_broken_ones_refused() -> None:
    good = gzip.compress(b"<rss/>" * 100)
    with server() as there:
        there.answers |= {
            "/good": answer(good, Content_Encoding="gzip"),
            "/cut": answer(good[:-9], Content_Encoding="gzip"),
            "/not": answer(b"<rss/>", Content_Encoding="gzip"),
            "/zlib": answer(zlib.compress(b"x"), Content_Encoding="deflate"),
        }
        assert got(there.url("/good"), there.policy()).data == b"<rss/>" * 100
        assert there.asked[0][1]["accept-encoding"] == "gzip"
        for path, why in {
            "/cut": "it breaks off before its end",
            "/not": "it says that it is packed, and is not",
            "/zlib": "it is packed in a way that was not asked for",
        }.items():
            assert failure(there.url(path), there.policy()) == why


def test_an_answer_that_breaks_off_is_not_taken_for_whole() -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss/"
    with server() as there:
        there.answers |= {
            "/length": answer(b"<rss/>", Content_Length="60"),
            "/chunked": chunked,
            "/nothing": b"",
        }
        assert failure(there.url("/length"), there.policy()) == "it breaks off before its end"
        assert "it" in failure(there.url("/chunked"), there.policy())
        assert "it" in failure(there.url("/nothing"), there.policy())


# --- what it is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (answer(kind="text/html"), "it says that it is `text/html`, not application/rss+xml"),
        (answer(kind=""), "it says that it is `nothing`"),
        (answer(kind="application/rss+xmlx"), "it says that it is `application/rss+xmlx`"),
        (answer(status=404), "it answers with 404"),
        (answer(status=500), "it answers with 500"),
        (answer(status=304), "it answers with 304"),
        (answer(status=204), "it answers with 204"),
        (b"\0\1\2 nonsense\r\n\r\n", "its answer is no HTTP (BadStatusLine)"),
    ],
)
def test_what_is_no_feed_is_refused(told: bytes, why: str) -> None:
    with server({"/": told}) as there:
        assert failure(there.url("/"), there.policy()).startswith(why)


def test_a_copy_that_is_current_is_not_sent_again() -> None:
    def unless_known(connection) -> None:
        sent = there.asked[-1][1]
        current = sent.get("if-none-match") == '"1"' or "if-modified-since" in sent
        stamp = {"ETag": '"1"', "Last_Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
        connection.sendall(answer(status=304) if current else answer(b"x", **stamp))

    with server({"/": unless_known}) as there:
        first = got(there.url("/"), there.policy())
        assert first.known == Known('"1"', "Mon, 02 Nov 2026 10:00:00 GMT")
        assert fetch(there.url("/"), RSS, policy=there.policy(), known=first.known) is None
        only_date = Known("", first.known.modified)
        assert fetch(there.url("/"), RSS, policy=there.policy(), known=only_date) is None


def test_what_a_server_calls_its_copy_is_kept_only_where_it_can_be_sent_back() -> None:
    with server({"/": answer(b"x", ETag="\x01\xff", Last_Modified="y" * 300)}) as there:
        assert got(there.url("/"), there.policy()).known == Known()


def test_names_and_paths_of_any_script_are_asked_for_in_their_ascii_form() -> None:
    with server() as there:
        there.answers["/gr%C3%BC%C3%9Fe?x=%C3%A4"] = answer(b"x")
        url = there.url("/grüße?x=ä", "köln.example")
        assert got(url, there.policy(resolve=lambda *_: ["127.0.0.1"])).data == b"x"
        assert there.asked[0][1]["host"].startswith("xn--kln-sna.example:")


@given(st.binary(max_size=300))
def test_whatever_is_answered_ends_in_an_answer_or_in_words(stream: Server, data: bytes) -> None:
    stream.answers["/"] = data
    stream.answers["/body"] = HEAD + b"\r\n" + data
    try:
        fetch(stream.url("/"), RSS, policy=stream.policy())
    except SourceFailed as failed:
        assert str(failed).isprintable()
    assert got(stream.url("/body"), stream.policy()).data == data


@pytest.fixture(scope="module")
def stream():
    with server() as running:
        yield running


# --- whether it is who it says ------------------------------------------------------------------


class Tls:
    """A certificate for partner.example that its own authority made."""

    def __init__(self, folder: Path) -> None:
        key, cert = folder / "key.pem", folder / "cert.pem"
        line = (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            f"-subj /CN=test -addext subjectAltName=DNS:partner.example -keyout {key} -out {cert}"
        )
        subprocess.run(line.split(), check=True, capture_output=True)
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(cert, key)
        self._cert = cert

    def trusting(self) -> ssl.SSLContext:
        """What trusts this certificate, and checks names."""
        return ssl.create_default_context(cafile=self._cert)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    if not shutil.which("openssl"):
        pytest.skip("no openssl: TLS was not tried")
    return Tls(tmp_path_factory.mktemp("tls"))


def local(*_: object) -> list[str]:
    return ["127.0.0.1"]


def test_a_certificate_nobody_vouches_for_is_refused(tls: Tls) -> None:
    with server({"/": answer(b"x")}, tls.server) as there:
        why = failure(there.url("/", "partner.example"), there.policy(resolve=local))
        assert why.startswith("its certificate does not hold: self")
        assert there.asked == []


def test_a_certificate_must_be_for_the_name_and_not_for_the_address(tls: Tls) -> None:
    with server({"/": answer(b"x")}, tls.server) as there:
        policy = there.policy(resolve=local, tls=tls.trusting)
        assert got(there.url("/", "partner.example"), policy).data == b"x"
        why = failure(there.url("/", "other.example"), policy)
        assert "its certificate does not hold: hostname mismatch" in why.lower()
        assert "its certificate does not hold" in failure(there.url("/"), policy)
        assert len(there.asked) == 1
