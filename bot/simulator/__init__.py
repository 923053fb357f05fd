"""A Telegram on this machine: a strict Bot API server and the people's phones, in one web page."""
