"""What the clerks use outside the chat: lists, sheets, check-in, and requests made on paper."""
