/** Heading and alignment. */
export type Column = readonly [heading: string, align: 'left' | 'right'];

/** Prints rows under headings, each column as wide as its widest cell. */
export function showTable(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const widths = columns.map(([heading], i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(([, align], i) => {
        const cell = cells[i] ?? '';
        const width = widths[i] ?? 0;
        return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  for (const row of [columns.map(([heading]) => heading), ...rows]) console.log(`  ${line(row)}`);
}
