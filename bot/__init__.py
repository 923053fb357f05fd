"""TALKS: dialogue, channels, loops, simulator, command line."""
