"""SMS: the gateways it comes and goes through, and what fits into one."""
