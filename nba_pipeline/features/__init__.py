"""Numbers known strictly before an instant.

A file here is a table of features and has its name (`catalogue.py` lists them; `asof.py` and `leaks.py` are the rule and its proof);
a folder holds what tables are made of. What belongs elsewhere: torch modules (`models`), clean facts (`warehouse`).
"""
