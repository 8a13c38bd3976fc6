"""Makes `python -m pipelines.cli` the same as `findings`."""

from pipelines.cli import main

main()
