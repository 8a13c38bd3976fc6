"""The report as a web page: one file whose script counts, filters and searches."""
