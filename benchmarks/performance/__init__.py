"""What lithostat costs: against itself from size to size, and against what a user would pick instead.

`python -m benchmarks.performance` measures what is missing and writes `docs/performance.md`.
"""
