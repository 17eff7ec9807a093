"""One module a verb: a short sequence of pure functions between one read and one write."""
