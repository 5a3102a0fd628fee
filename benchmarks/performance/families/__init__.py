"""One module a family of measurements, each with a `FAMILY`.

What a module needs to measure is imported where it measures: other programs live in other environments.
"""
