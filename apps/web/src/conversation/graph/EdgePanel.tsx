import type { DrawnGraph } from '@holdfast/api'
import { isProven } from '@holdfast/model'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../data/queries.ts'
import { Untrusted } from '../../text/Untrusted.tsx'
import { CopyButton } from '../../ui/Copy.tsx'
import { plural } from '../../ui/format.ts'
import { Icon } from '../../ui/Icon.tsx'
import { BASIS_WORDS, EDGE_WORDS } from '../node-words.ts'
import type { Selection } from '../use-selection.ts'
import type { DrawnEdge } from './Canvas.tsx'

type EdgePanelProps = {
  readonly selection: Pick<Selection, 'conversation' | 'sight' | 'search' | 'set'>
  readonly edge: DrawnEdge
  readonly graph: DrawnGraph
  readonly onClose: () => void
}

/** One join in words: between what, how it is known, and by which values where it rests on content. */
export function EdgePanel({ selection, edge, graph, onClose }: EdgePanelProps) {
  const labelOf = (id: string): string => graph.nodes.find((node) => node.id === id)?.label ?? id
  return (
    <section
      aria-label="Selected join"
      className="panel absolute right-3 bottom-3 flex max-w-sm flex-col gap-1.5 bg-raised p-3 shadow-lg"
    >
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1">
          <Untrusted text={labelOf(edge.from)} className="font-medium" /> {EDGE_WORDS[edge.kind]}{' '}
          <Untrusted text={labelOf(edge.to)} className="font-medium" />
          {edge.count > 1 && ` (${plural(edge.count, 'edge')}, the strongest shown)`}
        </p>
        <button type="button" className="button button-quiet" aria-label="Close the join" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <p className="flex items-center gap-2">
        <span className={`badge ${isProven(edge.basis) ? 'badge-good' : 'badge-warn'}`}>
          {isProven(edge.basis) ? 'proven' : 'inferred'}
        </span>
        <span>
          {edge.basis}: {BASIS_WORDS[edge.basis]}
        </span>
      </p>
      {edge.basis === 'content' && selection.search.mode === 'aggregated' && (
        <button type="button" className="button self-start" onClick={() => selection.set({ mode: 'as-run' })}>
          Show as run, where each join names its values
        </button>
      )}
      {edge.values !== undefined && edge.values.length > 0 && (
        <MatchedValues
          asked={{
            conversation: selection.conversation,
            sight: selection.sight,
            // A host that a request went to is in no text of the request, but in that which brought it.
            members: [...membersOf(graph, edge.to), ...membersOf(graph, edge.from)],
            fingerprints: edge.values,
          }}
        />
      )}
    </section>
  )
}

function membersOf({ nodes }: DrawnGraph, id: string): readonly string[] {
  return nodes.find((node) => node.id === id)?.members ?? [id]
}

type MatchedProps = { readonly asked: Parameters<typeof queries.values>[0] }

/** What travelled: its fingerprints, and the values themselves on demand, because who reads captured text is on record. */
function MatchedValues({ asked }: MatchedProps) {
  const [isAsked, setIsAsked] = useState(false)
  const { data, error, isFetching } = useQuery({ ...queries.values(asked), enabled: isAsked, retry: false })
  const valueOf = (print: string): string | undefined => data?.find(({ fingerprint }) => fingerprint === print)?.value
  return (
    <div className="flex flex-col gap-1">
      <h3 className="eyebrow">Values that matched</h3>
      <ul>
        {asked.fingerprints.map((print) => {
          const value = valueOf(print)
          return (
            <li key={print} className="flex flex-wrap items-baseline gap-2">
              {value !== undefined && <Untrusted text={value} className="break-all" />}
              <CopyButton text={print} label="the fingerprint">
                <code className="break-all">{print}</code>
              </CopyButton>
              {data !== undefined && value === undefined && <span className="text-muted">in no text any more</span>}
            </li>
          )
        })}
      </ul>
      {data === undefined && (
        <button type="button" className="button self-start" disabled={isFetching} onClick={() => setIsAsked(true)}>
          Show the values (recorded)
        </button>
      )}
      {error !== null && <p role="alert">{error.message}</p>}
    </div>
  )
}
