"""A real Postfix, provoked over real sockets, so that what it says is held against the catalog."""
