import type { CDPSession, Page } from 'playwright-core'

/** Something of a page as a screen reader is told of it, by the browser's own accessibility tree. */
export type Spoken = {
  role: string
  name: string
  /** What is said beside: `level`, `focusable`, `live`, `url` and so on, under the browser's names. */
  said: Readonly<Record<string, string>>
  within: readonly Spoken[]
}

type Protocol = Awaited<ReturnType<typeof treeOf>>[number]

const treeOf = async (session: CDPSession) => (await session.send('Accessibility.getFullAXTree')).nodes

/** Carry nothing by themselves: what is in them counts. */
const silent = new Set(['none', 'generic', 'InlineTextBox', 'LineBreak', 'ListMarker', 'LayoutTable', 'LayoutTableRow'])

/** The whole page, from its root. */
export async function spokenPage(page: Page): Promise<Spoken> {
  const session = await page.context().newCDPSession(page)
  const nodes = new Map((await treeOf(session)).map((node) => [node.nodeId, node]))
  await session.detach()
  const [root] = nodes.values()
  if (!root) throw new Error('The page has no accessibility tree')
  const [spoken] = heard(root, (id) => nodes.get(id))
  if (!spoken) throw new Error('The page says nothing')
  return spoken
}

function heard(node: Protocol, find: (id: string) => Protocol | undefined): Spoken[] {
  const within = (node.childIds ?? []).flatMap((id) => {
    const child = find(id)
    return child ? heard(child, find) : []
  })
  const said = Object.fromEntries(
    (node.properties ?? []).map((property) => [property.name, String(property.value.value ?? '')]),
  )
  const role = String(node.role?.value ?? '')
  if (node.ignored || (silent.has(role) && said['focusable'] !== 'true')) return within
  return [
    {
      role,
      name: String(node.name?.value ?? '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
      said,
      within,
    },
  ]
}

/** Everything within, in the order in which it is read. */
export function* allOf(spoken: Spoken): Generator<Spoken> {
  yield spoken
  for (const one of spoken.within) yield* allOf(one)
}
