"""KNOWS AND RECORDS: the facts, the decisions, everything stored. Imports nothing of ours."""
