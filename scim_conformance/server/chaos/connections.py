"""Connections that hang, break off, or carry another number of octets than they say."""

from scim_conformance.server.chaos import anything, chaos, creating, deleting, discovering, reading
from scim_conformance.server.chaos.front import Moment

FOR_EVER = 3600.0
"""Seconds, longer than any client waits."""


@chaos(when=reading)
def hanging(moment: Moment) -> None:
    """A GET of a resource is never answered, and the connection stays open."""
    moment.wait(FOR_EVER)


@chaos(when=anything)
def silent(moment: Moment) -> None:
    """No request is ever answered, not even one of discovery."""
    moment.wait(FOR_EVER)


@chaos(when=discovering)
def hanging_discovery(moment: Moment) -> None:
    """No discovery document is ever shown."""
    moment.wait(FOR_EVER)


@chaos(when=discovering)
def cut_discovery(moment: Moment) -> None:
    """The connection is closed when half of a discovery document has been sent."""
    moment.send(moment.answer()[: -len(moment.response.body) // 2])


@chaos(when=reading)
def hanging_now_and_then(moment: Moment) -> bool | None:
    """Every second GET of a resource is never answered."""
    if moment.number % 2:
        return moment.plainly()
    moment.wait(FOR_EVER)
    return None


@chaos(when=reading)
def closing(_moment: Moment) -> None:
    """The connection is closed before a GET of a resource is answered."""


@chaos(when=reading)
def resetting(moment: Moment) -> None:
    """The connection is reset amid the head of the answer to a GET of a resource."""
    moment.send(moment.answer()[:20])
    moment.reset()


@chaos(when=reading)
def closing_in_the_body(moment: Moment) -> None:
    """The connection is closed when half of the body of a resource has been sent."""
    moment.send(moment.answer()[: -len(moment.response.body) // 2])


@chaos(when=reading)
def lengths_too_long(moment: Moment) -> None:
    """The Content-Length of a resource is longer than its body, and the rest never comes."""
    moment.send(moment.answer(length=len(moment.response.body) + 20))
    moment.wait(FOR_EVER)


@chaos(when=reading)
def lengths_too_short(moment: Moment) -> bool:
    """The Content-Length of a resource is shorter than its body, and the connection is kept."""
    moment.send(moment.answer(length=len(moment.response.body) - 20))
    return True


@chaos(when=reading)
def dripping(moment: Moment) -> None:
    """The body of a resource comes one octet after the other, for longer than a client waits."""
    for octet in moment.answer():
        moment.send(bytes([octet]))
        if not moment.wait(0.05):
            return


@chaos(when=reading)
def slow_bodies(moment: Moment) -> bool:
    """The body of a resource comes in ten pieces, which takes a fifth of a second."""
    answer = moment.answer()
    step = len(answer) // 10 + 1
    for start in range(0, len(answer), step):
        moment.send(answer[start : start + step])
        moment.wait(0.02)
    return True


@chaos(when=reading)
def endless_interim_answers(moment: Moment) -> None:
    """A GET of a resource is answered 103 Early Hints, again and again."""
    while moment.wait(0.01):
        moment.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")


@chaos(when=creating)
def creations_without_an_answer(moment: Moment) -> None:
    """A resource is created, and the connection closed before the POST is answered."""
    _ = moment.response


@chaos(when=deleting)
def deletions_without_an_answer(moment: Moment) -> None:
    """A resource is deleted, and the connection closed before the DELETE is answered."""
    _ = moment.response


@chaos(when=deleting)
def hanging_deletions(moment: Moment) -> None:
    """A DELETE is never answered, and never carried out."""
    moment.wait(FOR_EVER)
