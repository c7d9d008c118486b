"""A run's result and its faces: the model, report.json, report.html, junit.xml, summary.md and the terminal.

Every face is a function of the `Report` alone, so that all of them tell the same story
and any of them can be made again from report.json.
"""
