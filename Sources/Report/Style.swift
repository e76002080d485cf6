/// How a page looks, and the few lines that sort and filter its rows.
enum Style {
  static let sheet = """
    :root { color-scheme: light dark; --ground: #fdfdfc; --text: #1d2126; --quiet: #5b6570;
      --line: #d8dce0; --mark: #fff6dd; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #15181c; --text: #e4e8ec; --quiet: #97a1ab; --line: #343a41; --mark: #3a3118; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--ground);
      color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
    dt { color: var(--quiet); }
    dd { margin: 0; overflow-wrap: anywhere; }
    figure { margin: .5rem 0; overflow-x: auto; }
    svg { display: block; width: 100%; height: auto; min-width: 36rem; max-width: 48rem;
      color: var(--text); }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .85rem; }
    th, td { text-align: left; padding: .2rem .7rem .2rem 0; white-space: nowrap;
      border-bottom: 1px solid var(--line); }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    .sortable th[role=button] { cursor: pointer; }
    .note { background: var(--mark); padding: .5rem .8rem; border-radius: .3rem; }
    ul.note { padding-left: 1.8rem; }
    .filter { font: inherit; width: 100%; max-width: 24rem; margin: 0 0 .6rem; padding: .3rem .5rem;
      background: inherit; color: inherit; border: 1px solid var(--line); border-radius: .3rem; }
    footer { margin: 3rem 0 1rem; color: var(--quiet); font-size: .85rem; overflow-wrap: anywhere; }
    @media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }

    """

  static let script = """
    for (const table of document.querySelectorAll("table.sortable")) {
      const body = table.tBodies[0];
      [...table.tHead.rows[0].cells].forEach((title, column) => {
        title.setAttribute("role", "button");
        title.tabIndex = 0;
        let order = 1;
        const sort = () => {
          const key = row => row.cells[column]?.dataset.figure ?? row.cells[column]?.textContent ?? "";
          const rows = [...body.rows].sort((a, b) => {
            const [x, y] = [key(a), key(b)];
            const difference = x - y;
            return order * (Number.isNaN(difference) ? x.localeCompare(y) : difference);
          });
          order = -order;
          body.append(...rows);
        };
        title.addEventListener("click", sort);
        title.addEventListener("keydown", event => { if (event.key === "Enter") sort(); });
      });
    }
    for (const input of document.querySelectorAll("input.filter")) {
      input.hidden = false;
      const rows = [...input.parentElement.querySelectorAll("tbody tr")];
      input.addEventListener("input", () => {
        const words = input.value.toLowerCase().split(" ").filter(word => word);
        for (const row of rows) {
          const text = row.textContent.toLowerCase();
          row.hidden = !words.every(word => text.includes(word));
        }
      });
    }

    """
}
