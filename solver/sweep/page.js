"use strict";
// Sorts the table of cases by a click on a column and hides statuses. The choice stands behind the # of the
// address, #sort=3 (third column, -3: downwards) and #hide=failed,lost, so that a link keeps it.
(() => {
  const table = document.getElementById("cases");
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const rows = Array.from(body.rows);
  const form = document.getElementById("filter");
  const boxes = Array.from(form.querySelectorAll("input"));
  const words = new Intl.Collator(undefined, { numeric: true });

  const wanted = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const sort = parseInt(given.get("sort") || "0", 10);
    return {
      sort: Math.abs(sort) <= heads.length ? sort : 0,
      hide: (given.get("hide") || "").split(",").filter(Boolean),
    };
  };

  const choose = (sort, hide) => {
    const parts = [];
    if (sort) parts.push("sort=" + sort);
    if (hide.length) parts.push("hide=" + hide.join(","));
    location.replace("#" + parts.join("&"));
    show();  // now, not when the browser comes to tell that the address changed
  };

  // What is missing stands below the rest, whichever way the rest is sorted.
  const order = (column, numeric, sign) => {
    const keys = new Map(rows.map((row) => {
      const cell = row.cells[column];
      if (!numeric) return [row, cell.textContent.trim()];
      return [row, cell.dataset.key === undefined ? "" : Number(cell.dataset.key)];
    }));
    return (a, b) => {
      const x = keys.get(a), y = keys.get(b);
      if (x === "" || y === "") return (x === "") - (y === "");
      return sign * (numeric ? x - y : words.compare(x, y));
    };
  };

  const show = () => {
    const { sort, hide } = wanted();
    const column = Math.abs(sort) - 1;
    heads.forEach((head, n) => {
      if (n === column) head.setAttribute("aria-sort", sort > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    const numeric = sort && heads[column].dataset.kind === "number";
    const sorted = sort ? rows.slice().sort(order(column, numeric, Math.sign(sort))) : rows;
    body.append(...sorted);
    let visible = 0;
    for (const row of rows) {
      row.hidden = hide.includes(row.dataset.status);
      visible += row.hidden ? 0 : 1;
    }
    for (const box of boxes) box.checked = !hide.includes(box.value);
    document.getElementById("count").textContent = visible + " of " + rows.length + " cases";
  };

  heads.forEach((head, n) => {
    const turn = () => {
      const { sort, hide } = wanted();
      choose(sort === n + 1 ? -(n + 1) : n + 1, hide);
    };
    head.classList.add("sortable");
    head.tabIndex = 0;
    head.addEventListener("click", turn);
    head.addEventListener("keydown", (event) => { if (event.key === "Enter") turn(); });
  });
  for (const box of boxes) {
    box.addEventListener("change", () => {
      choose(wanted().sort, boxes.filter((other) => !other.checked).map((other) => other.value));
    });
  }
  window.addEventListener("hashchange", show);
  form.hidden = false;
  show();
})();
