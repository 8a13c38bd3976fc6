"""Mine: what exactly recurs, what figures findings state, which findings back a recommendation."""
