"""The shell door: one module a command, imported when it is called."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

COMMANDS = {
    "run": ("run", "judge a target, by default the bundled reference server"),
    "serve": ("serve", "serve the bundled reference server on a port"),
    "prove": ("prove", "show that every check catches its faults and stays quiet on lawful variants"),
    "coverage": ("coverage", "count the requirements that have a check, and those that are proven"),
    "list": ("listing", "list checks, requirements, faults, variants or profiles"),
    "explain": ("explain", "explain a requirement, check, fault or variant by its id"),
    "compare": ("compare", "compare two reports"),
    "clean": ("clean", "delete what an interrupted run left on a target"),
}
"""Each command's module and its help."""

USAGE_ERROR = 4


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors end with exit code 4 and name the closest match."""

    def error(self, message: str) -> NoReturn:
        """Print one line on what was wrong, and one on where help is."""
        self.exit(USAGE_ERROR, f"scim-conformance: {_taught(message)}\nSee: {self.prog} --help\n")


_OF_PYTEST = {
    "--url": "the URL stands by itself: scim-conformance run URL",
    "--bundled": "without a URL the bundled server is judged",
}
"""Options that pytest alone needs, as --scim-url and --scim-bundled, and what the commands have instead."""


def _taught(message: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only needed once something is wrong

    if "invalid choice:" in message:
        word = message.split("invalid choice:")[1].split("(", maxsplit=1)[0].strip(" '\"")
        close = get_close_matches(word, COMMANDS, 1)
        return f"there is no command {word!r}" + (
            f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(COMMANDS)}"
        )
    if message.startswith("unrecognized arguments:"):
        from scim_conformance.options import OPTIONS  # noqa: PLC0415

        word = message.split(":", 1)[1].split(maxsplit=1)[0]
        if word in _OF_PYTEST:
            return f"there is no option {word} here; {_OF_PYTEST[word]}"
        close = get_close_matches(word, [f"--{option.name}" for option in OPTIONS], 1)
        return f"there is no option {word}" + (f"; did you mean {close[0]}?" if close else "")
    return message


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return pytest's exit codes: 0 well, 1 a violation, 4 a usage error, and so on."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    from scim_conformance import __version__  # noqa: PLC0415 - stands beside its only use

    parser = Parser(
        prog="scim-conformance",
        description="Judge a SCIM 2.0 endpoint, requirement by requirement.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"scim-conformance {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    called = next((word for word in words if word in COMMANDS), None)
    for name, (module, help_text) in COMMANDS.items():
        command = commands.add_parser(
            name, help=help_text, description=help_text[0].upper() + help_text[1:] + ".", allow_abbrev=False
        )
        if name == called:
            import_module(f"scim_conformance.cli.{module}").add_arguments(command)
    after_dashes: list[str] = []
    if called == "run" and "--" in words:
        after_dashes = words[words.index("--") + 1 :]
        words = words[: words.index("--")]
    parsed = parser.parse_args(words)
    parsed.after_dashes = after_dashes
    try:
        return int(import_module(f"scim_conformance.cli.{COMMANDS[parsed.command][0]}").run(parsed))
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; there is nobody left to tell.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("scim-conformance: interrupted\n")
        return 2
