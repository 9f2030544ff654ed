import type { ProjectionStore } from '@holdfast/recorder'
import { keys, lastPart } from './keys.ts'

type NamesLike = { readonly kind: 'tool' | 'document'; readonly start: string; readonly most: number }

/** Names that begin so, each once, however many executions read it: past a name the scan goes on past all of them. */
export function namesLike(store: Pick<ProjectionStore, 'scan'>, { kind, start, most }: NamesLike): readonly string[] {
  const prefix = keys.namedPrefix(kind, start)
  const names: string[] = []
  let from: { readonly after?: string } = {}
  while (names.length < most) {
    const [row] = store.scan({ prefix, limit: 1, ...from })
    if (row === undefined) break
    const [key] = row
    const name = key.slice(0, key.lastIndexOf('/'))
    names.push(lastPart(name))
    // The byte after the slash that parts a name from who read it.
    from = { after: `${name}0` }
  }
  return names
}
