"""From a finding's text to numbers: its terms, their meanings, what the encoder reads, its tone."""
