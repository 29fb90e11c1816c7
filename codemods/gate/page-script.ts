// The script of the gate's page: headings that sort, and the figures of the rectangle under the pointer. The page is whole without it.
export const pageScript = `
(() => {
  'use strict';
  const table = document.getElementById('files');
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const headings = [...table.tHead.rows[0].cells];
  const valueOf = (row, column) => {
    const text = row.cells[column].textContent;
    if (column === 0) return text;
    return text === '\u2014' ? 101 : Number.parseFloat(text.replaceAll(',', ''));
  };
  const sort = (column, order) => {
    const sign = order === 'ascending' ? 1 : -1;
    const keyed = rows.map((row) => ({ row, value: valueOf(row, column) }));
    keyed.sort((a, b) => (a.value === b.value ? 0 : a.value < b.value ? -sign : sign));
    body.append(...keyed.map(({ row }) => row));
    for (const heading of headings) heading.removeAttribute('aria-sort');
    headings[column].setAttribute('aria-sort', order);
  };
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    button.addEventListener('click', () => {
      const before = heading.getAttribute('aria-sort');
      const first = heading.dataset.first;
      sort(column, before === null ? first : before === 'ascending' ? 'descending' : 'ascending');
    });
    heading.append(button);
  }
  const map = document.getElementById('map');
  const detail = document.getElementById('detail');
  map?.addEventListener('pointerover', (event) => {
    const title = event.target.querySelector?.(':scope > title');
    if (title) detail.textContent = title.textContent;
  });
})();
`;
