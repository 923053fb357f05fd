"""The wires: each channel turns what it hears into `Inbound` and what we say into its own form."""
