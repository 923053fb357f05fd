"""What the assistant does for a person beside answering: their registration, data, reminders."""
