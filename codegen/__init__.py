"""Turns the catalog of what Postfix replies into Python, TypeScript, Go and Markdown."""
