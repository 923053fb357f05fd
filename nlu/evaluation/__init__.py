"""How well messages are understood, and whether a new model may replace the one in service.

`python -m nlu.evaluation --help`, from the repository's root in Rasa's environment.
"""
