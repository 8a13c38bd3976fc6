"""Charts: what each shows, which part of a trend, and how they are drawn."""
