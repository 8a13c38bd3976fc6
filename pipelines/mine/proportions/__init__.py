"""The proportions that findings state: figures in a text, what they count, how they speak."""
