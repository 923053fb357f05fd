"""The forms of the product, one a module: their fields, and what is said at the end."""
