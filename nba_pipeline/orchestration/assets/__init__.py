"""One file per asset group. Bodies are thin: read, call a pure function, return metadata."""
