"""Makes `python -m pipelines` the same as `findings`."""

from pipelines.cli import main

main()
