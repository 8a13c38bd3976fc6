"""Where findings lie by what they are about, and which lie close together."""
