"""Base URLs, paths below them, and targets made of both, are taken as the operator gave them or refused in words."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_conformance.client.addresses import Base, encode_params, place_of
from scim_conformance.client.errors import BadTarget, HarnessError
from scim_conformance.client.target import Credentials, Secret, Target


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("https://h/scim/v2", "https://h/scim/v2"),
        ("https://h/scim/v2/", "https://h/scim/v2"),
        ("HTTPS://H:8443//a/b//", "https://H:8443//a/b"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("https://h/tenant-8d7f/ä b", None),
        ("https://h/tenänt/x", "https://h/ten%C3%A4nt/x"),
    ],
)
def test_a_base_url_keeps_its_path(given_, kept):
    """Scheme in lower case, no slash at the end, path encoded: nothing else is changed."""
    if kept is None:
        with pytest.raises(BadTarget, match="blanks"):
            Target.url(given_)
    else:
        assert Target.url(given_).base_url == kept


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("scim.example.com/v2", "no scheme; it must start with https://"),
        ("scim.example.com:8080/v2", "no scheme"),
        ("ftp://h/", "the scheme 'ftp'"),
        ("file:///etc/passwd", "the scheme 'file'"),
        ("https://", "no host"),
        ("https:///v2", "no host"),
        ("https://h:0/", "port 0"),
        ("https://h:99999/", "invalid host or port"),
        ("https://h:x/", "invalid host or port"),
        ("https://[::1/", "invalid host or port"),
        ("https://h/v2?aadOptscim062020", r"query string, but a SCIM base URI has none \(RFC 7644 section 1\.3\)"),
        ("https://h/v2?", "query string"),
        ("https://h/v2#x", "fragment"),
        ("https://h/a/../b", r"\. or \.\. segments"),
        ("https://h/a/%2e%2E/b", r"\. or \.\. segments"),
        ("https://h/\n", "control characters"),
    ],
)
def test_what_cannot_be_a_base_url(url, said):
    """Each mistake in a base URL is a BadTarget that says what to do."""
    with pytest.raises(BadTarget, match=said):
        Target.url(url)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"timeout": 0}, "above 0"),
        ({"timeout": float("nan")}, "above 0"),
        ({"max_body": 0}, "above 0"),
        ({"max_wait": -1}, "not be negative"),
        ({"source_address": "localhost"}, "source address 'localhost' is no IP address"),
        ({"outside_address": "1.2.3"}, "outside address '1.2.3' is no IP address"),
        ({"proxy": "http://h:1", "source_address": "127.0.0.1"}, "through a proxy"),
        ({"token": "abcdef", "headers": {"Authorization": "Basic x"}}, "give one of them"),
        ({"headers": {"X Y": "1"}}, "no header name may have"),
        ({"headers": {"Host": "evil"}}, "belongs to the connection"),
        ({"origin": "a\nb"}, "X-Request-Origin holds a line break"),
    ],
)
def test_options_that_do_not_fit(options, said):
    """Each unusable option is a BadTarget that says what is allowed."""
    with pytest.raises(BadTarget, match=said):
        Target.url("https://h/", **options)


def test_targets_and_credentials_can_be_derived():
    """Replacing fields keeps the rest and is checked again."""
    target = Target.url("https://h/v2/", token="abc", origin="o", timeout=3)
    other = dataclasses.replace(target, credentials=dataclasses.replace(target.credentials, token=Secret("other")))
    assert other.credentials.as_headers() == [("Authorization", "Bearer other"), ("X-Request-Origin", "o")]
    assert (other.timeout, other.base_url) == (3, "https://h/v2")
    with pytest.raises(BadTarget):
        dataclasses.replace(target, base_url="nonsense")
    assert Credentials().as_headers() == []
    with pytest.raises(BadTarget, match="no application"):
        Target("wsgi", "http://h/")


BASE = Base.parse("https://Host:8443/scim/v2")


@pytest.mark.parametrize(
    ("path", "query", "url"),
    [
        ("/Users", None, "https://Host:8443/scim/v2/Users"),
        ("Users", None, "https://Host:8443/scim/v2/Users"),
        ("", None, "https://Host:8443/scim/v2"),
        ("/", None, "https://Host:8443/scim/v2/"),
        ("/scim/v2/Users", None, "https://Host:8443/scim/v2/Users"),
        ("/scim/v20/Users", None, "https://Host:8443/scim/v2/scim/v20/Users"),
        ("/Users?filter=a b", None, "https://Host:8443/scim/v2/Users?filter=a%20b"),
        ("/Users?a=1", "b=2", "https://Host:8443/scim/v2/Users?a=1&b=2"),
        ("/Users", "cursor", "https://Host:8443/scim/v2/Users?cursor"),
        ("/Users", "", "https://Host:8443/scim/v2/Users?"),
        ("/Users", 'x="é"&y=%zz', "https://Host:8443/scim/v2/Users?x=%22%C3%A9%22&y=%zz"),
        ("/Users//a/", None, "https://Host:8443/scim/v2/Users//a/"),
        ("/Users/é b#c", None, "https://Host:8443/scim/v2/Users/%C3%A9%20b"),
        ("https://host:8443/scim/v2/Users/1?x", None, "https://Host:8443/scim/v2/Users/1?x"),
        ("https://HOST:8443/other", None, "https://Host:8443/other"),
        ("/Users/\ud800", None, "https://Host:8443/scim/v2/Users/%3F"),
    ],
)
def test_paths_below_the_base(path, query, url):
    """A path goes below the base's path, once; what may not stand in a URL is encoded, nothing else is touched."""
    assert BASE.resolve(path, query) == url


@pytest.mark.parametrize(
    "url", ["https://host/scim/v2/Users", "http://host:8443/", "https://host.evil:8443/", "//x/", "ftp://a/"]
)
def test_other_origins_are_refused(url):
    """Another scheme, host or port is another origin."""
    with pytest.raises(HarnessError, match="another origin"):
        BASE.resolve(url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://host:8443/scim/v2/Users/1?x", "/Users/1"),
        ("/scim/v2/Users", "/Users"),
        ("https://HOST:8443/scim/v2", "/"),
        ("https://host:8443/scim/v2//Users", "/Users"),
        ("https://host:8443/scim", None),
        ("https://host/scim/v2/Users", None),
        ("http://[", None),
    ],
)
def test_what_lies_below_the_base(url, path):
    """Only URLs of the origin and below the base's path have a path below it."""
    assert BASE.below(url) == path


@given(st.text())
def test_any_text_as_a_path_gives_a_url_of_the_origin_or_is_refused(path):
    """No path, however odd, leads to another origin or breaks."""
    try:
        url = BASE.resolve(path)
    except HarnessError:
        return
    assert url.isascii()
    assert BASE.has(url)
    assert BASE.below(url) is None or BASE.below(url).startswith("/")
    place_of(path)


def test_parameters():
    """Blanks are %20, lists joined by commas, booleans lower case, None left out; pairs may repeat a name."""
    assert encode_params({"filter": 'a eq "b+c"', "attributes": ["x", "y"], "count": 0, "on": True, "off": None}) == (
        "filter=a%20eq%20%22b%2Bc%22&attributes=x%2Cy&count=0&on=true"
    )
    assert encode_params([("a", 1), ("a", 2)]) == "a=1&a=2"
