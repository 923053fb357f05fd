"""SMS in the simulator: feature phones, and a gateway that speaks HTTP as Kannel does."""
