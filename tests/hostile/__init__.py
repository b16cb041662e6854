"""Whatever the rules accept compiles and reads back in every language, however nasty it is."""
