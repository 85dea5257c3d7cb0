type Page<Row> = { rows: readonly Row[]; next?: string | undefined }

/** Every row of a list that comes in pages, up to `most` pages: what is shown whole is asked for whole. */
export async function allPages<Row>(
  ask: (after: string | undefined) => Promise<Page<Row>>,
  { most = 20 } = {},
): Promise<Row[]> {
  const all: Row[] = []
  let after: string | undefined
  for (let page = 0; page < most; page += 1) {
    const { rows, next } = await ask(after)
    all.push(...rows)
    if (next === undefined) break
    after = next
  }
  return all
}
