import type { DrawnGraph } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, type RefObject } from 'react'
import { reachQuery } from '../../data/conversation-queries.ts'
import { queries } from '../../data/queries.ts'
import { Untrusted } from '../../text/Untrusted.tsx'
import { formatCount, plural } from '../../ui/format.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/States.tsx'
import { Behind } from '../Behind.tsx'
import { drawnQuery } from '../drawn-query.ts'
import type { Selection } from '../use-selection.ts'
import { graphPicture } from './graph-picture.ts'
import { Legend } from './Legend.tsx'
import { usePlaced } from './use-placed.ts'

const Canvas = lazy(() => import('./Canvas.tsx').then(({ Canvas: component }) => ({ default: component })))

type GraphViewProps = {
  readonly selection: Selection
  /** Is told how what is shown becomes a picture. */
  readonly pictureRef: RefObject<(() => string) | undefined>
}

/** The execution graph, small enough to draw; says what is folded, and opens it where something folded is selected. */
export function GraphView({ selection, pictureRef }: GraphViewProps) {
  const { conversation, search, sight, node, set } = selection
  const whole = useQuery(queries.drawn(conversation, drawnQuery(search)))
  const isDrawn = node === undefined || whole.data === undefined || holds(whole.data, node)
  // What is selected but folded is asked for as itself.
  const focused = useQuery({ ...queries.drawn(conversation, drawnQuery(search, node)), enabled: !isDrawn })
  const graph = isDrawn ? whole.data : (focused.data ?? whole.data)
  const { shown, error: layoutError } = usePlaced(graph)
  useEffect(() => {
    if (shown === undefined) return undefined
    pictureRef.current = () =>
      graphPicture({ ...shown, colours: tokenColour, caption: captionOf(shown.graph, selection) })
    return () => {
      pictureRef.current = undefined
    }
  }, [shown, pictureRef, selection])
  const reach = useQuery({
    ...queries.reach(conversation, {
      ...reachQuery({ node: node ?? '', path: search.path ?? 'trigger', via: search.via }),
      ...sight,
    }),
    enabled: node !== undefined && search.path !== undefined,
  })
  const marked = useMemo(() => {
    if (search.path === undefined || reach.data === undefined || node === undefined) return undefined
    return new Set(
      search.path === 'trigger' ? [...reach.data.path, node] : [node, ...reach.data.nodes.map(({ id }) => id)],
    )
  }, [reach.data, search.path, node])

  if (whole.error !== null) return <ErrorState what="graph" error={whole.error} onRetry={() => void whole.refetch()} />
  if (layoutError !== undefined) return <ErrorState what="drawing" error={layoutError} />
  if (graph === undefined) return <Loading what="the graph" />
  if (graph.nodes.length === 0)
    return (
      <NothingDrawn graph={graph} onShowAll={() => set({ hide: undefined, without: undefined, hubs: undefined })} />
    )
  return (
    <>
      <div className="flex flex-wrap gap-x-6 px-4 py-1 text-faint">
        <Folding graph={graph} selection={selection} />
        <Hubs graph={graph} selection={selection} />
      </div>
      {graph.behind !== undefined && <Behind behind={graph.behind} />}
      {shown === undefined ? (
        <Loading what="the drawing" />
      ) : (
        <Suspense fallback={<Loading what="the drawing" />}>
          <Canvas graph={shown.graph} placed={shown.placed} selection={selection} marked={marked} />
        </Suspense>
      )}
      <Legend edges={graph.edges} />
    </>
  )
}

/** A colour of the page as a file can state it: the browser resolves light and dark. */
function tokenColour(token: string): string {
  const probe = document.createElement('i')
  probe.style.color = `var(--${token})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function captionOf({ nodes, total, mode }: DrawnGraph, { conversation, search }: Selection): readonly string[] {
  const { at, by } = search
  const when =
    at === undefined ? 'all that is recorded' : `as of ${at}, ${by === 'known' ? 'known' : 'happened'} by then`
  return [
    `Execution graph of ${conversation}${search.with === undefined ? '' : ' and others'}, ${when}`,
    `${nodes.length} nodes drawn for ${total.nodes}, ${mode === 'aggregated' ? 'aggregated' : 'as run'}. Holdfast`,
  ]
}

function holds(graph: DrawnGraph, node: string): boolean {
  return graph.nodes.some(({ id, members }) => id === node || members.includes(node))
}

function Folding({ graph, selection }: { readonly graph: DrawnGraph; readonly selection: Selection }) {
  const { search, set } = selection
  const { nodes, total, folded, mode } = graph
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      <span>
        {folded === 0
          ? `${formatCount(nodes.length)} of ${plural(total.nodes, 'node')}, none folded`
          : mode === 'aggregated'
            ? `${formatCount(nodes.length)} nodes stand for ${formatCount(total.nodes)}: ${formatCount(folded)} are folded into nodes with a count, or hidden`
            : `${formatCount(nodes.length)} of ${formatCount(total.nodes)} nodes: those nearest to ${selection.node === undefined ? 'the trigger' : 'the selected step'}; ${formatCount(folded)} are not drawn`}
      </span>
      {folded > 0 && mode === 'as-run' && search.limit === undefined && total.nodes > nodes.length && (
        <button type="button" className="link" onClick={() => set({ limit: 300 })}>
          draw up to 300
        </button>
      )}
      {folded > 0 && (
        <button type="button" className="link" onClick={() => set({ view: 'table' })}>
          all of them as a table
        </button>
      )}
    </p>
  )
}

/** What joins so much that the rest cannot be read: named, and taken out or put back in one act. */
function Hubs({
  graph: { hubs },
  selection: { search, set },
}: {
  readonly graph: DrawnGraph
  readonly selection: Selection
}) {
  const left = (search.without ?? '').split(',').filter((id) => id !== '')
  if (hubs.length === 0 && left.length === 0) return null
  const isHidden = search.hubs === 'hidden'
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      {hubs.length > 0 && (
        <span className="min-w-0">
          {isHidden ? 'Without' : 'Joined to much of it:'} {plural(hubs.length, 'hub')} (
          {hubs.slice(0, HUBS_NAMED).map(({ id, label, joins }, index) => (
            <span key={id}>
              {index > 0 && ', '}
              <Untrusted text={label} className="font-medium" /> with {formatCount(joins)} joins
            </span>
          ))}
          {hubs.length > HUBS_NAMED && ` and ${formatCount(hubs.length - HUBS_NAMED)} more`})
        </span>
      )}
      {hubs.length > 0 && (
        <button type="button" className="link" onClick={() => set({ hubs: isHidden ? undefined : 'hidden' })}>
          {isHidden ? 'show hubs' : 'hide hubs'}
        </button>
      )}
      {left.length > 0 && (
        <button type="button" className="link" onClick={() => set({ without: undefined })}>
          show the {plural(left.length, 'step')} hidden by hand
        </button>
      )}
    </p>
  )
}

/** Hubs named in one line. */
const HUBS_NAMED = 3

function NothingDrawn({ graph, onShowAll }: { readonly graph: DrawnGraph; readonly onShowAll: () => void }) {
  if (graph.total.nodes > 0) {
    return (
      <EmptyState
        title="Every kind is hidden"
        why={`The graph has ${plural(graph.total.nodes, 'node')}; the kinds that are hidden leave none.`}
      >
        <button type="button" className="button self-start" onClick={onShowAll}>
          Show all kinds
        </button>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="No step to draw"
      why="What was recorded of this conversation gave no step: no dialect read it, or its content was erased."
      command="npm run -s holdfast -- doctor"
    />
  )
}
