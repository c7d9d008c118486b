"""The service origin: the header by which a request says which service it comes from."""

import pytest

OTHER = "other.example.net"


def near_misses(origin: str) -> dict[str, str]:
    """Return values that resemble the origin and are not it."""
    label, _, parent = origin.partition(".")
    return {
        "suffix": f"{origin}.example.net",
        "suffix-without-dot": f"{origin}net",
        "prefix": f"not{origin}",
        "prefix-with-dash": f"not-{origin}",
        "sub-domain": f"sub.{origin}",
        "parent-domain": parent or origin[1:],
        "first-label": label if parent else origin[:-1],
        "shortened": origin[:-1],
        "trailing-dot": f"{origin}.",
        "leading-dot": f".{origin}",
        "scheme": f"https://{origin}",
        "port": f"{origin}:443",
        "path": f"{origin}/",
        "user": f"{origin}@example.net",
        "before-user": f"example.net@{origin}",
        "other-dots": origin.replace(".", "x") if parent else f"{origin}x",
        "blanks-inside": f"{origin[:2]} {origin[2:]}",
        "list-first": f"{origin}, example.net",
        "list-last": f"example.net, {origin}",
        "list-of-blanks": f"example.net {origin}",
        "semicolon": f"{origin};example.net",
        "quoted": f'"{origin}"',
        "wildcard": "*",
        "any-sub-domain": f"*.{parent}" if parent else "*.*",
        "null": "null",
    }


@pytest.mark.requirement("SEED-ORIGIN-01")
def test_right_origin_opens_resources(reading_door, attempt, must_serve):
    """A request with the configured service origin in the origin header is let in to the resources."""
    must_serve(attempt(reading_door, "the right token").answer)


@pytest.mark.requirement("SEED-ORIGIN-01", "SEED-ORIGIN-06")
@pytest.mark.parametrize("case", ["lower", "upper", "title"])
def test_header_name_is_known_in_any_letter_case(reading, keys, must_serve, case):
    """The name of the origin header is recognised in any letter case."""
    header = getattr(keys.origin_header, case)()
    must_serve(reading.knock(**keys.named_origin(keys.origin, header=header)))


@pytest.mark.requirement("SEED-ORIGIN-02")
def test_no_origin_opens_no_resource(door, attempt, plain):
    """Without the origin header every method on every resource endpoint is refused and does nothing."""
    plain.need("no origin", but=door)
    attempt(door, "no origin").must_be_refused(401, 403)


@pytest.mark.requirement("SEED-ORIGIN-02")
@pytest.mark.usefixtures("origin_checked")
def test_no_origin_opens_no_side_door(side_door, attempt):
    """Without the origin header neither search, nor bulk, nor /Me is a way in."""
    attempt(side_door, "no origin").must_be_refused(401, 403)


@pytest.mark.requirement("SEED-ORIGIN-02")
@pytest.mark.usefixtures("origin_checked")
def test_no_origin_opens_no_closed_discovery(closed_discovery_door, attempt):
    """Without the origin header discovery documents that ask for credentials are refused."""
    attempt(closed_discovery_door, "no origin").must_be_refused(401, 403)


@pytest.mark.requirement("SEED-ORIGIN-03")
def test_wrong_origin_opens_no_resource(door, attempt, plain):
    """With another origin every method on every resource endpoint is refused and does nothing."""
    plain.need("no origin")
    plain.need("another origin", but=door)
    attempt(door, "another origin").must_be_refused(401)


@pytest.mark.requirement("SEED-ORIGIN-03")
@pytest.mark.usefixtures("origin_checked")
def test_wrong_origin_opens_no_side_door(side_door, attempt):
    """With another origin neither search, nor bulk, nor /Me is a way in."""
    attempt(side_door, "another origin").must_be_refused(401)


@pytest.mark.requirement("SEED-ORIGIN-03")
@pytest.mark.usefixtures("origin_checked")
def test_wrong_origin_opens_no_closed_discovery(closed_discovery_door, attempt):
    """With another origin discovery documents that ask for credentials are refused."""
    attempt(closed_discovery_door, "another origin").must_be_refused(401)


@pytest.mark.requirement("SEED-ORIGIN-03")
@pytest.mark.usefixtures("origin_checked")
def test_empty_origin_is_refused(reading_or_deleting, keys):
    """An empty origin header is refused."""
    reading_or_deleting.must_refuse(401, **keys.named_origin(""))


@pytest.mark.requirement("SEED-ORIGIN-04")
@pytest.mark.parametrize("kind", near_misses("origin.example"))
@pytest.mark.usefixtures("origin_checked")
def test_origin_is_compared_whole(reading, keys, kind):
    """A value that only resembles the configured origin, or contains it, is refused."""
    reading.must_refuse(401, **keys.named_origin(near_misses(keys.origin)[kind]))


@pytest.mark.requirement("SEED-ORIGIN-04")
@pytest.mark.parametrize("kind", ["suffix", "sub-domain"])
@pytest.mark.usefixtures("origin_checked")
def test_origin_is_compared_whole_for_writes(doors, some_type, keys, kind):
    """A value that only resembles the configured origin lets nothing be deleted."""
    doors.door("delete", some_type).must_refuse(401, **keys.named_origin(near_misses(keys.origin)[kind]))


@pytest.mark.requirement("SEED-ORIGIN-05")
@pytest.mark.parametrize("right", ["first", "last"])
@pytest.mark.usefixtures("origin_checked")
def test_right_and_wrong_origin_are_refused(reading_or_deleting, keys, right):
    """Two origin headers, one right and one wrong, are refused."""
    values = [keys.origin, OTHER]
    reading_or_deleting.must_refuse(401, 400, **keys.named_origin(*(values if right == "first" else values[::-1])))


@pytest.mark.requirement("SEED-ORIGIN-05")
def test_right_origin_twice_is_recorded(reading, keys, record_choice):
    """Whether two origin headers, both right, are served or refused is the target's choice."""
    record_choice(reading.knock(**keys.named_origin(keys.origin, keys.origin)), "the right origin header twice")


@pytest.mark.requirement("SEED-ORIGIN-07")
def test_origin_in_other_letter_case_is_recorded(reading, keys, record_choice):
    """Whether the configured origin in other letter case is served or refused is the target's choice."""
    other = keys.origin.swapcase()
    if other == keys.origin:
        pytest.skip("unsupported: the origin has no letters")
    record_choice(reading.knock(**keys.named_origin(other)), "the right origin in other letter case")


@pytest.mark.requirement("SEED-ORIGIN-08")
@pytest.mark.usefixtures("origin_checked")
def test_other_editions_header_is_refused(reading, keys):
    """The right origin in the header of the documents' other edition is refused."""
    editions = ["X-Request-Origin", "X-Origin-Request"]
    for header in editions:
        if header.lower() != keys.origin_header.lower():
            reading.must_refuse(401, **keys.named_origin(keys.origin, header=header))


@pytest.mark.requirement("SEED-ORIGIN-09")
@pytest.mark.parametrize("header", ["Origin", "Referer", "X-Forwarded-Host", "From", "Forwarded"])
@pytest.mark.usefixtures("origin_checked")
def test_no_other_header_stands_in(reading, keys, header):
    """The right origin in Origin, Referer or another header of HTTP does not stand in for the origin header."""
    value = {"Referer": f"https://{keys.origin}/", "Forwarded": f"host={keys.origin}"}.get(header, keys.origin)
    reading.must_refuse(401, 403, **keys.named_origin(value, header=header))


@pytest.mark.requirement("SEED-ORIGIN-09")
@pytest.mark.usefixtures("origin_checked")
def test_origin_in_the_query_is_refused(reading, keys):
    """The right origin as a query parameter does not stand in for the origin header."""
    reading.must_refuse(401, 400, params={keys.origin_header: keys.origin}, **keys.named_origin())


@pytest.mark.requirement("SEED-ORIGIN-10")
@pytest.mark.parametrize("credentials", ["missing", "wrong"])
@pytest.mark.usefixtures("token_checked")
def test_right_origin_does_not_replace_the_token(reading_or_deleting, attempt, credentials):
    """With the right origin, a missing or wrong token is refused all the same."""
    way = "no token" if credentials == "missing" else "a wrong token"
    attempt(reading_or_deleting, way).must_be_refused(401)
