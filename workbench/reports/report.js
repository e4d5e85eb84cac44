"use strict";
// Pictures are drawn when they come into view, all of them before printing.
const draw = (figure) => {
  const data = figure.querySelector("script");
  if (!data) return;
  const { data: traces, layout } = JSON.parse(data.textContent);
  data.remove();
  Plotly.newPlot(figure.querySelector("div"), traces, layout, {
    responsive: true,
    displaylogo: false,
    typesetMath: false, // a $ in a name is a $
    toImageButtonOptions: { format: "svg", filename: `workbench-${figure.dataset.name}` },
  });
};
const pictures = [...document.querySelectorAll("figure.picture")];
const seen = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target)),
  { rootMargin: "600px" },
);
pictures.forEach((figure) => seen.observe(figure));
addEventListener("beforeprint", () => pictures.forEach(draw));

// A click on a heading sorts by its column: numbers from the largest, words from A; a second one turns it.
const value = (row, column) => {
  const cell = row.cells[column];
  return cell.classList.contains("number") ? Number(cell.dataset.value ?? NaN) : cell.textContent;
};
const compare = (a, b) => {
  if (typeof a === "string" || typeof b === "string") return String(a).localeCompare(String(b));
  return Number.isNaN(a) - Number.isNaN(b) || a - b;
};
document.querySelectorAll("th button").forEach((button) =>
  button.addEventListener("click", () => {
    const head = button.parentElement;
    const body = head.closest("table").tBodies[0];
    const column = head.cellIndex;
    const rows = [...body.rows];
    const isNumber = rows.some((row) => row.cells[column].classList.contains("number"));
    const first = isNumber ? "descending" : "ascending";
    const other = isNumber ? "ascending" : "descending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    const sign = order === "ascending" ? 1 : -1;
    rows.sort((a, b) => {
      const [x, y] = [value(a, column), value(b, column)];
      return Number.isNaN(x) || Number.isNaN(y) ? compare(x, y) : sign * compare(x, y);
    });
    [...head.parentElement.cells].forEach((cell) => cell.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", order);
    body.append(...rows);
  }),
);
