"""Our Rasa graph components, named in config.yml at the root."""
