import type { ReachWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { reachQuery, type Sight } from '../data/conversation-queries.ts'
import { queries } from '../data/queries.ts'
import { PATH_STEPS } from '../limits.ts'
import { useKey } from '../shell/use-key.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { ErrorState } from '../ui/States.tsx'
import { BASIS_WORDS, EDGE_WORDS, KIND_WORDS, lineOf } from './node-words.ts'

type PathStripProps = {
  readonly conversation: string
  readonly node: string
  readonly path: 'trigger' | 'reach'
  /** The event that a trigger path leads through, where it does. */
  readonly via: string | undefined
  readonly sight: Sight
  readonly onSelect: (node: string) => void
}

/** What set the selected step off, in causal order, or what it reached; each join says how it is known. */
export function PathStrip({ conversation, node, path, via, sight, onSelect }: PathStripProps) {
  const reach = useQuery(queries.reach(conversation, { ...reachQuery({ node, path, via }), ...sight }))
  const steps = useMemo(() => (reach.data === undefined ? [] : stepsOf(reach.data, path)), [reach.data, path])
  const rows = useQuery(queries.nodes(conversation, steps, sight))
  const byId = new Map(rows.data?.items.map((row) => [row.id, row]))
  const at = steps.indexOf(node)
  const go = (by: number): void => {
    const next = steps[Math.max(0, Math.min(steps.length - 1, at + by))]
    if (next !== undefined) onSelect(next)
  }
  useKey('forward', () => go(1))
  useKey('back', () => go(-1))
  if (reach.error !== null) return <ErrorState what="path" error={reach.error} onRetry={() => void reach.refetch()} />
  return (
    <section
      aria-label={path === 'trigger' ? 'Trigger path' : 'Reach'}
      className="border-b border-line bg-accent-ground px-4 py-2"
    >
      <p className="mb-1.5 flex flex-wrap items-center gap-x-3">
        <strong className="flex items-center gap-1.5">
          <Icon name={path} />
          {path === 'trigger' ? 'What set this off' : 'What this led to'}
        </strong>
        <span className="text-soft">
          {reach.data === undefined ? 'following the edges …' : summary(reach.data, steps.length, path)}
        </span>
      </p>
      <ol className="flex items-center gap-1 overflow-x-auto pb-1">
        {steps.map((id, index) => {
          const row = byId.get(id)
          const before = index === 0 ? undefined : steps[index - 1]
          return (
            <li key={id} className="flex shrink-0 items-center gap-1">
              {path === 'trigger' && before !== undefined && (
                <Join edges={reach.data?.edges ?? []} from={before} to={id} />
              )}
              <button
                type="button"
                aria-current={id === node ? 'step' : undefined}
                onClick={() => onSelect(id)}
                className={`lane-${row?.lane ?? 'input'} flex max-w-60 items-center gap-1.5 rounded-md border bg-raised px-2 py-1 ${
                  id === node ? 'border-accent' : 'border-line'
                }`}
              >
                {row !== undefined && <Icon name={row.kind} className="lane-text" />}
                <span className="flex min-w-0 flex-col items-start leading-4">
                  <span className="text-xs text-faint">
                    {row === undefined ? 'reading …' : KIND_WORDS[row.kind]}
                    {id === reach.data?.via && <strong className="text-warn"> · asked for it</strong>}
                  </span>
                  <Untrusted text={row?.label ?? ''} className="max-w-48 truncate" />
                </span>
              </button>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function Join({ edges, from, to }: { readonly edges: ReachWire['edges']; readonly from: string; readonly to: string }) {
  const edge =
    edges.find((each) => each.from === from && each.to === to) ??
    edges.find((each) => each.from === to && each.to === from)
  if (edge === undefined) return <span aria-hidden="true">→</span>
  return (
    <span className="flex flex-col items-center px-1 text-xs leading-3 text-soft" title={BASIS_WORDS[edge.basis]}>
      {EDGE_WORDS[edge.kind]}
      <span className={`join join-${lineOf(edge.basis)}`} />
      {edge.basis}
    </span>
  )
}

/** The strongest path for a trigger; the nearest nodes for a reach. Long ones keep both ends. */
function stepsOf(reach: ReachWire, path: 'trigger' | 'reach'): readonly string[] {
  const all = path === 'trigger' ? reach.path : [reach.from, ...reach.nodes.map(({ id }) => id)]
  if (all.length <= PATH_STEPS) return all
  if (path === 'reach') return all.slice(0, PATH_STEPS)
  const half = PATH_STEPS / 2
  return [...all.slice(0, half), ...all.slice(-half)]
}

function summary(reach: ReachWire, shown: number, path: 'trigger' | 'reach'): string {
  const cut = reach.cut.nodes + reach.cut.hops
  const past = cut === 0 ? '' : ` ${plural(cut, 'node')} past the bound were not followed.`
  if (path === 'reach') {
    const proven = reach.nodes.filter((node) => node.proven).length
    if (reach.nodes.length === 0) return `Nothing recorded follows from it.${past}`
    const first = shown < reach.nodes.length + 1 ? `, the nearest ${formatCount(shown - 1)} named` : ''
    return `${plural(reach.nodes.length, 'node')}, ${formatCount(proven)} of them by proven joins alone${first}.${past}`
  }
  if (reach.path.length === 0)
    return `No recorded input leads here: the trigger was not captured, or the chain is broken.${past}`
  const left = reach.path.length - shown
  return `${plural(reach.path.length, 'step')} from ${beginOf(reach)}, by the strongest joins${
    left > 0 ? `; ${formatCount(left)} in the middle not named` : ''
  }.${past}`
}

function beginOf({ path, via }: ReachWire): string {
  if (via === undefined) return 'the triggering input'
  return via === path[0] ? 'the text that asked for it' : 'the triggering input through the text that asked for it'
}
