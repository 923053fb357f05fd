"""UNDERSTANDS: text in, intent, entities and language out. Imports nothing of ours."""
