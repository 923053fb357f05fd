"""Forms: what they are (`fields`), how they move on (`steps`), and what people do to them.

`words` takes texts, `taps` takes buttons and what is shared, `correcting` finds what a text wants
to change.
"""
