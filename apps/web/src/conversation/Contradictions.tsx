import type { DrawnGraph } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { formatCount } from '../ui/format.ts'
import { drawnQuery } from './drawn-query.ts'
import type { Selection } from './use-selection.ts'

type Contradiction = DrawnGraph['contradictions'][number]

const WORDS: Readonly<Record<Contradiction['kind'], string>> = {
  'call-without-effect': 'a call without its effect',
  'different-effect': 'another effect than the call claims',
  'different-telling': 'another answer than was seen',
  'effect-without-call': 'an effect without a call',
}

/** Where what the agent told and what the kernel saw exclude each other, with both sides; nothing where they agree. */
export function Contradictions({
  conversation,
  selection,
}: {
  readonly conversation: string
  readonly selection: Selection
}) {
  // The drawing of the page itself: one request serves both.
  const { data } = useQuery(queries.drawn(conversation, drawnQuery(selection.search)))
  if (data === undefined || data.contradictionsTotal === 0) return null
  const { contradictions, contradictionsTotal } = data
  return (
    <section aria-label="Contradictions" className="border-b border-line bg-surface px-4 py-2">
      <h2 className="eyebrow mb-1">
        Told and seen do not agree: {formatCount(contradictions.length)} of {formatCount(contradictionsTotal)}
      </h2>
      <ul className="flex max-h-40 flex-col divide-y divide-line overflow-auto">
        {contradictions.map((item, index) => (
          <li key={index} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-1">
            <span className="badge badge-warn">{WORDS[item.kind]}</span>
            <Untrusted text={item.detail} className="min-w-0 flex-1 text-soft" />
            <Side name="told" nodes={item.claimed} selection={selection} />
            <Side name="seen" nodes={item.seen} selection={selection} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Sides named at once; the step that is opened leads to the others. */
const SIDES = 3

function Side({
  name,
  nodes,
  selection,
}: {
  readonly name: string
  readonly nodes: readonly string[]
  readonly selection: Selection
}) {
  return nodes.slice(0, SIDES).map((node, index) => (
    <button key={node} type="button" className="link" onClick={() => selection.select(node)}>
      {name}
      {nodes.length > 1 && ` ${index + 1} of ${formatCount(nodes.length)}`}
    </button>
  ))
}
