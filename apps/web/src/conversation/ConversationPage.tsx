import { useSuspenseQuery } from '@tanstack/react-query'
import { lazy, Suspense, useRef, type RefObject } from 'react'
import { queries } from '../data/queries.ts'
import { useKey } from '../shell/use-key.ts'
import { Loading } from '../ui/States.tsx'
import { ConversationHead } from './ConversationHead.tsx'
import { Contradictions } from './Contradictions.tsx'
import { EvidenceChecklist } from '../evidence/EvidenceChecklist.tsx'
import { NodePane } from './NodePane.tsx'
import { PathStrip } from './PathStrip.tsx'
import { RowsView } from './RowsView.tsx'
import { SeekerStrip } from '../time/SeekerStrip.tsx'
import { Toolbar } from './Toolbar.tsx'
import { Unjoined } from './Unjoined.tsx'
import { useSelection } from './use-selection.ts'

const GraphView = lazy(() =>
  import('./graph/GraphView.tsx').then(({ GraphView: component }) => ({ default: component })),
)

/** One conversation: what set it off, what evidence there is of it, and its execution graph three ways. */
export function ConversationPage() {
  const selection = useSelection()
  const picture = useRef<() => string>(undefined)
  const { conversation: id, search, set } = selection
  const { data: conversation } = useSuspenseQuery(queries.conversation(id))
  useKey('twin', () => set({ view: search.view === 'table' ? 'graph' : 'table' }))
  useKey(
    'trigger',
    () => set({ path: search.path === 'trigger' ? undefined : 'trigger' }),
    selection.node !== undefined,
  )
  useKey('reach', () => set({ path: search.path === 'reach' ? undefined : 'reach' }), selection.node !== undefined)
  useKey(
    'close',
    () => set({ node: undefined, event: undefined, path: undefined, via: undefined }),
    selection.node !== undefined,
  )
  return (
    <div data-scrolls="page" className="flex min-h-0 flex-1 flex-col overflow-auto">
      <ConversationHead
        conversation={conversation}
        picture={search.view === 'graph' ? () => pictureNow(picture) : undefined}
      />
      <EvidenceChecklist of={{ kind: 'conversation', id }} className="border-b border-line bg-surface px-4 py-2" />
      <Contradictions conversation={id} selection={selection} />
      <Unjoined conversation={id} selection={selection} />
      <SeekerStrip
        conversation={id}
        together={search.with}
        time={{ at: search.at, by: search.by }}
        onTime={({ at, by }) => set({ at, by })}
      />
      <Toolbar conversation={conversation} selection={selection} />
      {selection.node !== undefined && search.path !== undefined && (
        <PathStrip
          conversation={id}
          node={selection.node}
          path={search.path}
          via={search.via}
          sight={selection.sight}
          onSelect={selection.select}
        />
      )}
      <div className="flex min-h-120 flex-1 flex-col lg:min-h-88 lg:flex-row">
        <section aria-label={`Execution ${search.view}`} className="flex min-h-88 min-w-0 flex-1 flex-col">
          {search.view === 'graph' ? (
            <Suspense fallback={<Loading what="the graph" />}>
              <GraphView selection={selection} pictureRef={picture} />
            </Suspense>
          ) : (
            <RowsView key={search.view} selection={selection} />
          )}
        </section>
        {selection.node !== undefined && <NodePane conversation={id} node={selection.node} selection={selection} />}
      </div>
    </div>
  )
}

function pictureNow(picture: RefObject<(() => string) | undefined>): string {
  if (picture.current === undefined) throw new Error('the graph is not drawn yet')
  return picture.current()
}
