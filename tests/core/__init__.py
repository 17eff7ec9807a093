"""The pure core: example tables first, then laws over the tables of types and policies."""
