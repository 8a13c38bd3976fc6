"""What a run keeps: its folder and tables, earlier runs, results that can be used again."""
