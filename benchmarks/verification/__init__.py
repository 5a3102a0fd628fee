"""The verification book: every law and coupling beside exact solutions and other programs.

`python -m benchmarks.verification` computes all pages and writes them; `page` says what a page is, `contents`
finds the pages, `computing` runs one, `book` runs all, `writing` and `figure` put them on paper.
"""
