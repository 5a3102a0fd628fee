"""The page of a sweep: whole in one file, plain without scripts, sorted with them, deaf to hostile texts."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from solver.sweep.collect import collect
from solver.sweep.page import write_page
from solver.sweep.rows import SweepReadError
from tests.sweep.made_sweep import hash_of, make_sweep, summary_of, write_failed

THICKNESSES = ["40 nm", "80 nm", "160 nm", "200 nm", "320 nm"]
CAPACITIES = [104.5, 9.75, 87.25]
EVIL = "</script></pre><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Reader(HTMLParser):
    """Tags with their attributes, and the table of cases by rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "table":
            self._inside = given.get("id") == "cases"
        if self._inside and tag == "tr":
            self.rows.append([])
        if self._inside and tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "table"

    def handle_data(self, data: str) -> None:
        if self._inside and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def five(tmp_path: Path) -> Path:
    """Three finished cases, one that failed, one that waits."""
    sweep = make_sweep(
        tmp_path / "sweep", ["geometry.shell_thickness", "label"],
        [(t, f"{EVIL}{n}") for n, t in enumerate(THICKNESSES)],
        lambda n: summary_of(CAPACITIES[n]) if n < 3 else None, f"name: x\nbase: {json.dumps(EVIL)}\n",
    )  # fmt: skip
    write_failed(sweep, hash_of((THICKNESSES[3], f"{EVIL}3")), "failed", f"no mesh {EVIL}")
    (sweep / "plots").mkdir()
    (sweep / "plots" / "lines_capacity.png").write_bytes(PIXEL)
    return sweep


def test_without_scripts_it_is_a_plain_table_of_all_cases(tmp_path: Path) -> None:
    sweep = five(tmp_path)
    collect(sweep)
    page = write_page(sweep)
    assert page == sweep / "page.html"
    read = Reader(page.read_text(encoding="utf-8"))
    header, *rows = read.rows
    assert header[:5] == [
        "case", "status", "geometry.shell_thickness [nm]", "label",
        "capacity of step 1 [mAh/g]",
    ]  # fmt: skip
    assert [row[:3] for row in rows] == [
        ["1", "done", "40"], ["2", "done", "80"], ["3", "done", "160"], ["4", "failed", "200"],
        ["5", "waiting", "320"],
    ]  # fmt: skip
    assert [row[4] for row in rows] == ["104.5", "9.75", "87.25", "", ""]
    assert {len(row) for row in rows} == {len(header)}
    assert rows[3][-1].startswith("no mesh")
    assert ("form", {"id": "filter", "hidden": None}) in read.tags


def test_every_link_leads_somewhere_inside_the_folder(tmp_path: Path) -> None:
    sweep = five(tmp_path)
    collect(sweep)
    (sweep / "plots" / "lines_capacity.csv").write_text("x\n")
    links = [given["href"] for tag, given in Reader(write_page(sweep).read_text()).tags if tag == "a"]
    assert len(links) == 3 + 2 + 1
    for link in links:
        assert link
        assert (sweep / link).resolve().is_relative_to(sweep.resolve())
        assert (sweep / link).exists()


def test_nothing_is_loaded_and_pictures_are_inside(tmp_path: Path) -> None:
    text = write_page(five(tmp_path)).read_text()
    read = Reader(text)
    loading = [
        (tag, name, value)
        for tag, given in read.tags
        for name, value in given.items()
        if name in {"src", "srcset", "href", "action", "data", "poster"} and tag != "a"
    ]
    data = base64.b64encode(PIXEL).decode()
    assert loading == [("img", "src", f"data:image/png;base64,{data}")]
    assert "http://" not in text.replace("http-equiv", "")
    assert "https://" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_hostile_texts_are_escaped_and_the_policy_admits_the_pages_own_script_alone(tmp_path: Path) -> None:
    text = write_page(five(tmp_path)).read_text()
    read = Reader(text)
    assert [tag for tag, _ in read.tags].count("script") == 1
    assert not [given for _, given in read.tags if any(name.startswith("on") for name in given)]
    assert EVIL not in text
    policy = next(given["content"] for tag, given in read.tags if "http-equiv" in given)
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*)</{tag}>", text, re.DOTALL)
        assert inside is not None
        allowed = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{allowed}'" in policy


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=some.text(max_size=20), reason=some.text(max_size=20))
def test_no_text_adds_a_tag_or_ends_the_writing(
    tmp_path_factory: pytest.TempPathFactory, name: str, reason: str
) -> None:
    sweep = make_sweep(tmp_path_factory.mktemp("odd") / "s", ["label"], [("a",)], lambda n: None)
    write_failed(sweep, hash_of(["a"]), "failed", f"i{reason}")  # without any there would be a column less
    sound = [tag for tag, _ in Reader(write_page(sweep).read_text()).tags]
    write_failed(sweep, hash_of(["a"]), "failed", f"{name}<i>{reason}")
    (sweep / "sweep.yaml").write_bytes(name.encode("utf-8", "surrogatepass"))
    found = [
        tag
        for tag, _ in Reader(write_page(sweep).read_text()).tags
        if tag not in {"details", "summary", "pre"}
    ]
    assert found == [tag for tag in sound if tag not in {"details", "summary", "pre"}]


def test_cases_of_one_reason_stand_together(tmp_path: Path) -> None:
    names = [(str(n),) for n in range(40)]
    sweep = make_sweep(tmp_path / "s", ["label"], names, lambda n: None)
    for name in names:
        write_failed(sweep, hash_of(name), "lost" if name == ("7",) else "failed", "no mesh")
    text = write_page(sweep).read_text()
    assert "and 9 more" in text
    assert text.count('<td class="text">no mesh</td><td>') == 2
    assert "40 cases: 39 failed, 1 lost." in text


def test_a_folder_that_is_none_of_a_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SweepReadError, match="no folder of a sweep"):
        write_page(tmp_path)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that prints a page as a browser has it once its scripts ran."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine; Debian has it as `chromium`")
    profile = tmp_path_factory.mktemp("profile")
    return [
        found, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", f"--user-data-dir={profile}", "--dump-dom",
    ]  # fmt: skip


def in_browser(chromium: list[str], page: Path, fragment: str) -> Reader:
    done = subprocess.run(
        [*chromium, f"{page.as_uri()}{fragment}"], capture_output=True, text=True, check=True, timeout=120
    )
    assert "<title>x: sweep</title>" in done.stdout
    return Reader(done.stdout)


def order(read: Reader) -> list[str]:
    return [row[0] for row in read.rows[1:]]


@pytest.mark.parametrize(
    ("fragment", "wanted"),
    [
        ("#sort=5", "23145"),
        ("#sort=-5", "13245"),
        ("#sort=-2", "54123"),
        ("#sort=99", "12345"),
        ("#sort=x&hide=%3Cb%3E", "12345"),
    ],
)
def test_a_browser_sorts_by_a_column_numbers_as_numbers_and_what_is_missing_last(
    tmp_path: Path, chromium: list[str], fragment: str, wanted: str
) -> None:
    read = in_browser(chromium, write_page(five(tmp_path)), fragment)
    assert "".join(order(read)) == wanted


def test_a_browser_hides_statuses_and_runs_no_script_of_a_text(tmp_path: Path, chromium: list[str]) -> None:
    page = write_page(five(tmp_path))
    read = in_browser(chromium, page, "#hide=failed,waiting&sort=-5")
    rows = [given for tag, given in read.tags if tag == "tr" and "data-status" in given]
    assert [given["data-status"] for given in rows if "hidden" not in given] == ["done"] * 3
    assert len(rows) == 5
    assert ("form", {"id": "filter"}) in read.tags
    heads = [given for tag, given in read.tags if tag == "th" and "aria-sort" in given]
    assert [given["aria-sort"] for given in heads] == ["descending"]
    # Even unescaped, a text could not act: the policy admits no script but the page's own, by its hash.
    page.write_text(page.read_text().replace("<h1>x</h1>", f"<h1>{EVIL}</h1>"))
    assert EVIL in page.read_text()
    heads = [
        given for tag, given in in_browser(chromium, page, "").tags if given.get("class") == "text sortable"
    ]
    assert heads


def test_a_click_sorts_and_a_second_one_turns_the_order(tmp_path: Path, chromium: list[str]) -> None:
    page = write_page(five(tmp_path))
    text = page.read_text().replace("http-equiv=", "data-policy=")  # so that the test may click
    click = "document.querySelectorAll('#cases th')[4].click();"
    # Written down within the click: when a browser tells of a changed address, it may have printed the page.
    note = (
        "document.body.dataset.order = Array.from(document.querySelectorAll('#cases tbody tr'),"
        " (row) => row.cells[0].textContent.trim()).join('');"
    )
    for clicks, wanted in ((1, "23145"), (2, "13245")):
        clicked = tmp_path / f"clicked_{clicks}.html"
        clicked.write_text(text.replace("</body>", f"<script>{click * clicks}{note}</script></body>"))
        tags = in_browser(chromium, clicked, "").tags
        assert [given["data-order"] for tag, given in tags if tag == "body"] == [wanted]
