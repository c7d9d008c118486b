"""The command line as a user calls it, and servers to call it on."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def cli(tmp_path):
    """Call `scim-conformance` in a fresh process and folder; never longer than a minute."""

    def call(*words, env=None, timeout=60):
        environment = {**os.environ, **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "scim_conformance", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return call
