import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { plural } from '../ui/format.ts'
import { drawnQuery } from './drawn-query.ts'
import { KIND_WORDS } from './node-words.ts'
import type { Selection } from './use-selection.ts'

type UnjoinedProps = { readonly conversation: string; readonly selection: Selection }

/** What the kernel saw and nothing ties to an act of the agent: counted, and shown as its own group, never guessed into place. */
export function Unjoined({ conversation, selection: { search, set } }: UnjoinedProps) {
  // The drawing of the page itself: one request serves both.
  const { data } = useQuery(queries.drawn(conversation, drawnQuery(search)))
  if (data === undefined || data.unjoined.length === 0) return null
  const events = data.unjoined.reduce((sum, one) => sum + one.events, 0)
  const isOnly = search.only === 'unjoined'
  return (
    <section
      aria-label="Seen by the kernel, not joined to any prompt"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-4 py-1.5"
    >
      <h2 className="eyebrow">Seen by the kernel, not joined to any prompt</h2>
      <ul className="flex flex-wrap gap-1">
        {data.unjoined.map(({ kind, nodes }) => (
          <li key={kind} className="badge">
            {plural(nodes, KIND_WORDS[kind], kind === 'process' ? 'processes' : undefined)}
          </li>
        ))}
      </ul>
      <span className="text-faint">{plural(events, 'event')}</span>
      <button
        type="button"
        className="link"
        onClick={() =>
          set(isOnly ? { only: undefined } : { only: 'unjoined', view: search.view === 'graph' ? 'tree' : search.view })
        }
      >
        {isOnly ? 'show all steps' : 'show only these'}
      </button>
    </section>
  )
}
