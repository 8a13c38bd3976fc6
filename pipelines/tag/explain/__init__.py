"""Why a finding was given its themes and issues."""
