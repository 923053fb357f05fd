"""The staff desk: what happens in the group, and between people and staff."""
