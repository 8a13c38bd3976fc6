"""A fitted model: how it scores and decides, the folder it is kept in, which is in use."""
