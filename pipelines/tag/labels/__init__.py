"""Labelled findings: what people's files hold, in any dress, and what is made of it."""
