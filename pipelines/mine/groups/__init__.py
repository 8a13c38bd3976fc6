"""Groups of findings that no subject holds: found, tried for stability, named."""
