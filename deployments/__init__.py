"""What runs when. Everything above the flows: schedules, limits, and the processes that serve them."""
