"""The road to a release: what is published, what stops it, and how it is rehearsed."""
