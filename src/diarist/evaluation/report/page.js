"use strict";
// Tables are complete without this; it lets a reader sort the table of recordings by a column.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    return column === 0 ? text : text === "–" ? NaN : seconds(text.replaceAll(",", ""));
  };
  const compare = (one, other, sign) => {
    if (typeof one === "string") return sign * one.localeCompare(other, undefined, { numeric: true });
    if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) - Number.isNaN(other);
    return sign * (one - other);
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : column > 0;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [value(row, column), row]);
      rows.sort((one, other) => compare(one[0], other[0], down ? -1 : 1));
      body.append(...rows.map(([, row]) => row));
    });
  });
}
