"""What the plugin costs where it is installed and nobody uses it."""

HEAVY = ("httpx", "hypothesis", "faker", "jsonschema", "flask", "werkzeug", "waitress", "jinja2")

CONFTEST = f"""
import sys
def pytest_unconfigure(config):
    found = [name for name in {HEAVY!r} if name in sys.modules]
    ours = sorted(name for name in sys.modules if name.startswith("scim_conformance"))
    print("HEAVY", found)
    print("OURS", ours)
"""


def test_an_unused_plugin_imports_nothing_heavy(pytester, monkeypatch):
    """A pytest start that does not use the plugin imports its table of options, and no library because of us."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_subprocess("-p", "scim_conformance.plugin", "-p", "no:cacheprovider", "-s")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "HEAVY [[]]",
            "OURS [[]'scim_conformance', 'scim_conformance.options', 'scim_conformance.plugin']",
        ]
    )
