import type { HuntSearch } from '../search-params.ts'
import { HUNT_HISTORY } from '../limits.ts'

/** A question that was asked, and the one that it was made of. */
export type Asked = {
  readonly id: number
  readonly parent: number | undefined
  readonly search: Pick<HuntSearch, 'q' | 'from' | 'to' | 'clock'>
}

/** Questions in the order they were asked, and where the hunter stands. */
export type History = { readonly asked: readonly Asked[]; readonly here: number | undefined }

export const NO_HISTORY: History = { asked: [], here: undefined }

/**
 * The history once a question has been asked: a new branch of where the hunter stood, or a step to where it was asked
 * before. The oldest leave when there are too many; what was asked from them stands on its own then.
 */
export function asking(history: History, search: Asked['search']): History {
  const known = history.asked.find((one) => isSame(one.search, search))
  if (known !== undefined) return known.id === history.here ? history : { ...history, here: known.id }
  const id = (history.asked.at(-1)?.id ?? 0) + 1
  const asked = [...history.asked, { id, parent: history.here, search }].slice(-HUNT_HISTORY)
  return { asked, here: id }
}

export type Branch = { readonly asked: Asked; readonly level: number }

/** The tree as rows: each question under the one that it was made of, in the order they were asked. */
export function branches({ asked }: History): readonly Branch[] {
  const ids = new Set(asked.map(({ id }) => id))
  const children = Map.groupBy(asked, ({ parent }) => (parent === undefined || !ids.has(parent) ? 0 : parent))
  const rows: Branch[] = []
  const waiting = [...(children.get(0) ?? [])].toReversed().map((one) => ({ asked: one, level: 0 }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { level } = next
    rows.push(next)
    for (const one of [...(children.get(next.asked.id) ?? [])].toReversed())
      waiting.push({ asked: one, level: level + 1 })
  }
  return rows
}

/** As kept by the browser; what is no history is none. */
export function parseHistory(text: string | null): History {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    if (typeof value !== 'object' || value === null || !('asked' in value) || !Array.isArray(value.asked))
      return NO_HISTORY
    const history = value as History // written by this page, and looked into below
    const isWhole = history.asked.every(
      ({ id, search }) => Number.isInteger(id) && typeof search === 'object' && search !== null,
    )
    return isWhole ? { asked: history.asked.slice(-HUNT_HISTORY), here: history.here } : NO_HISTORY
  } catch {
    // Somebody else wrote there: the history begins anew.
    return NO_HISTORY
  }
}

function isSame(a: Asked['search'], b: Asked['search']): boolean {
  const text = ({ q = '', from = '', to = '', clock }: Asked['search']): string => [q, from, to, clock ?? ''].join('\n')
  return text(a) === text(b)
}
