"""How well the book and the tests catch errors: each is planted in a copy of the code, alone.

`error` says what a planted error is, `errors` lists them, `hunting` plants one and runs pages and tests until
a page and a test have caught it, `python -m benchmarks.planted` does so for all and writes the table.
"""
