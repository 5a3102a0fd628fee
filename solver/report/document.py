"""A page of headings, paragraphs, tables and pictures, written as Markdown and as one HTML file."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

STYLE = """
body { font-family: system-ui, sans-serif; color: #222; line-height: 1.45 }
body { max-width: 1080px; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #ddd }
img { width: 100%; margin: .6rem 0 } .wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem; margin: .6rem 0 }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #e4e4e4; text-align: right }
td { font-variant-numeric: tabular-nums }
th:first-child, td:first-child { text-align: left } th { border-bottom: 1px solid #888; font-weight: 600 }
.note { background: #fff5e0; border-left: 4px solid #d99a2b; padding: .4rem .8rem }
"""


@dataclass
class Document:
    """A page under construction, in both forms at once.

    Attributes:
        title: heading of the page.
        folder: folder that the page and its pictures lie in.
    """

    title: str
    folder: Path
    _markdown: list[str] = field(default_factory=list)
    _html: list[str] = field(default_factory=list)

    def heading(self, words: str) -> None:
        """Begin a section."""
        self._markdown.append(f"## {words}\n")
        self._html.append(f"<h2>{escape(words)}</h2>")

    def paragraph(self, words: str) -> None:
        """Add a paragraph of plain words."""
        self._markdown.append(f"{words}\n")
        self._html.append(f"<p>{escape(words)}</p>")

    def warning(self, words: str) -> None:
        """Add a paragraph that stands out."""
        self._markdown.append(f"> **Warning:** {words}\n")
        self._html.append(f'<p class="note"><b>Warning:</b> {escape(words)}</p>')

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table; the first column is text, the others are aligned as numbers."""
        ruler = [":--", *["--:"] * (len(header) - 1)]
        self._markdown.append("\n".join(_row(cells) for cells in (header, ruler, *rows)) + "\n")
        head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        self._html.append(f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>')

    def picture(self, file: Path, words: str) -> None:
        """Add a picture that lies in the page's folder."""
        self._markdown.append(f"![{words}]({file.name})\n")
        data = base64.b64encode(file.read_bytes()).decode("ascii")
        self._html.append(f'<img alt="{escape(words)}" src="data:image/png;base64,{data}">')

    def write(self, stem: str) -> tuple[Path, Path]:
        """Write `stem`.md and `stem`.html, the latter with its pictures inside, and return both."""
        markdown, page = self.folder / f"{stem}.md", self.folder / f"{stem}.html"
        markdown.write_text(f"# {self.title}\n\n" + "\n".join(self._markdown), encoding="utf-8")
        body = "\n".join([f"<h1>{escape(self.title)}</h1>", *self._html])
        page.write_text(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(self.title)}</title><style>{STYLE}</style></head>\n"
            f"<body>\n{body}\n</body></html>\n",
            encoding="utf-8",
        )
        return markdown, page


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
