"""A run's tables for other programs: files, a workbook, SQL, and what the columns mean."""
