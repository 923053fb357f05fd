"""The dialogue by SMS: words instead of buttons, and answers that fit a few segments."""
