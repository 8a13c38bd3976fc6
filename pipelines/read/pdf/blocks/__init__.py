"""From lines to blocks, in the order in which a person reads them."""
