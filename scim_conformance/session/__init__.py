"""One run: its target, what applies to it, what checks stand on, and the hooks that turn outcomes into verdicts."""
