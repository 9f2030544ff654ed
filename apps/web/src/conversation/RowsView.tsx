import type { GraphRow } from '@holdfast/api'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { queries } from '../data/queries.ts'
import { ROW_PAGE, ROW_PAGES_KEPT } from '../limits.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { AgentId } from '../ui/AgentId.tsx'
import { ClockBadge, ContentBadge, ErrorBadge, TierBadge } from '../ui/Badges.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { formatBytes, formatCount, plural } from '../ui/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { EmptyState, ErrorState, Loading } from '../ui/States.tsx'
import { Behind } from './Behind.tsx'
import { KIND_WORDS } from './node-words.ts'
import { visibleRows } from './visible-rows.ts'
import type { Selection } from './use-selection.ts'

/** The twins of the graph: the same nodes in causal order, as a tree or as a table, of any length. */
export function RowsView({ selection }: { readonly selection: Selection }) {
  const { conversation, search, node, sight } = selection
  const isTree = search.view === 'tree'
  const [range, setRange] = useState({ from: 0, to: 0 })
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const { q, only } = search
  const head = useQuery(queries.rows(conversation, { page: 0, q, only, sight }))
  const wanted = pagesOf(range)
  const pages = useQueries({ queries: wanted.map((page) => queries.rows(conversation, { page, q, only, sight })) })
  const total = head.data?.total ?? head.data?.items.length ?? 0

  // A page stays known once it was read, so that scrolling back shows it at once and collapsing spans pages.
  const loaded = useKnownPages(JSON.stringify([conversation, sight, only, q]), [
    ...(head.data === undefined ? [] : [{ page: 0, items: head.data.items }]),
    ...pages.flatMap((page, i) => (page.data === undefined ? [] : [{ page: wanted[i] ?? 0, items: page.data.items }])),
  ])
  const visible = useMemo(() => visibleRows({ total, loaded, closed, pageSize: ROW_PAGE }), [total, loaded, closed])
  const rowAt = useCallback(
    (place: number) => {
      const index = visible[place]
      return index === undefined ? undefined : loaded.get(Math.floor(index / ROW_PAGE))?.[index % ROW_PAGE]
    },
    [visible, loaded],
  )
  const onRange = useCallback(
    (first: number, last: number) => setRange({ from: visible[first] ?? 0, to: visible[last] ?? 0 }),
    [visible],
  )
  const selectedRow = useQuery(queries.nodes(conversation, node === undefined ? [] : [node], sight))
  const target = (q ?? '') === '' && only === undefined ? selectedRow.data?.items[0]?.index : undefined
  const place = target === undefined ? -1 : visible.indexOf(target)

  if (head.error !== null) return <ErrorState what="rows" error={head.error} onRetry={() => void head.refetch()} />
  if (head.data === undefined) return <Loading what="the steps" />
  if (total === 0) {
    return (q ?? '') === '' && only === undefined ? (
      <EmptyState
        title="No step"
        why="What was recorded of this conversation gave no step that could be drawn."
        command="npm run -s holdfast -- doctor"
      />
    ) : (
      <EmptyState title="No step matches" why="Steps are recorded, but none has that in its label.">
        <button
          type="button"
          className="button self-start"
          onClick={() => selection.set({ q: undefined, only: undefined })}
        >
          Clear the filter
        </button>
      </EmptyState>
    )
  }
  return (
    <>
      <p className="px-4 py-1.5 text-faint">
        {plural(total, 'step')}
        {(q ?? '') !== '' && ' match'}
        {only === 'unjoined' && ' that the kernel saw, joined to no prompt'}, in causal order
        {visible.length < total && `; ${formatCount(total - visible.length)} folded under collapsed steps`}
      </p>
      {head.data.behind !== undefined && <Behind behind={head.data.behind} />}
      <DataGrid
        label={isTree ? 'Steps as a tree' : 'Steps as a table'}
        columns={isTree ? treeColumns : tableColumns}
        count={visible.length}
        rowAt={rowAt}
        keyOf={(row) => row.id}
        onOpen={(row) => selection.select(row.id)}
        onRange={onRange}
        selected={node}
        scrollTo={place < 0 ? undefined : place}
        rowHeight={30}
        {...(isTree
          ? {
              tree: {
                levelOf: (row: GraphRow) => row.depth,
                isOpen: (row: GraphRow) => (row.children === 0 ? undefined : !closed.has(row.id)),
                onToggle: (row: GraphRow, open: boolean) => {
                  const next = new Set(closed)
                  if (open) next.delete(row.id)
                  else next.add(row.id)
                  setClosed(next)
                },
              },
            }
          : {})}
      />
    </>
  )
}

function pagesOf({ from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  const first = Math.floor(from / ROW_PAGE)
  const last = Math.floor(to / ROW_PAGE)
  return Array.from({ length: Math.min(4, last - first + 1) }, (_, i) => first + i)
}

type Page = { readonly page: number; readonly items: readonly GraphRow[] }
type Pages = ReadonlyMap<number, readonly GraphRow[]>

/** The pages read so far for one list, the least recently read dropped past the bound. */
function useKnownPages(list: string, pages: readonly Page[]): Pages {
  const [known, setKnown] = useState<{ readonly list: string; readonly pages: Pages }>({ list, pages: new Map() })
  const current = known.list === list ? known.pages : new Map<number, readonly GraphRow[]>()
  const isNew = pages.some(({ page, items }) => current.get(page) !== items)
  if (!isNew && known.list === list) return current
  const next = new Map(current)
  for (const { page, items } of pages) {
    next.delete(page)
    next.set(page, items)
  }
  for (const page of next.keys()) {
    if (next.size <= ROW_PAGES_KEPT) break
    next.delete(page)
  }
  setKnown({ list, pages: next })
  return next
}

const what: GridColumn<GraphRow> = {
  id: 'what',
  header: 'Step',
  track: 'minmax(14rem, 3fr)',
  onPhone: 'lead',
  cell: ({ row: { original: row } }) => <What row={row} indent={0} />,
}

const rest: readonly GridColumn<GraphRow>[] = [
  {
    id: 'contents',
    header: 'Content',
    track: '8.5rem',
    cell: ({ row: { original: row } }) => (
      <>
        {row.contents.slice(0, 1).map((state) => (
          <ContentBadge key={state} state={state} />
        ))}
        {row.contents.length > 1 && <span className="text-faint">+{row.contents.length - 1}</span>}
      </>
    ),
  },
  {
    id: 'bytes',
    header: 'Bytes',
    track: '5rem',
    isNumber: true,
    cell: ({ row: { original: row } }) => (
      <span className="tabular text-soft">{row.bytes === 0 ? '' : formatBytes(row.bytes)}</span>
    ),
  },
  {
    id: 'claimed',
    header: 'Claimed at',
    track: '12.5rem',
    cell: ({ row: { original: row } }) => <Time at={row.claimedAt} />,
  },
]

const treeColumns: readonly GridColumn<GraphRow>[] = [
  { ...what, cell: ({ row: { original: row } }) => <What row={row} indent={row.depth} /> },
  ...rest,
]

const tableColumns: readonly GridColumn<GraphRow>[] = [
  {
    id: 'kind',
    header: 'Kind',
    track: '7rem',
    cell: ({ row: { original: row } }) => (
      <span className={`lane-${row.lane} lane-text truncate`}>{KIND_WORDS[row.kind]}</span>
    ),
  },
  what,
  {
    id: 'who',
    header: 'Agent',
    track: 'minmax(8rem, 1.4fr)',
    cell: ({ row: { original: row } }) => <AgentId id={row.member ?? row.agent} className="text-soft" />,
  },
  {
    id: 'source',
    header: 'Source',
    track: '13.5rem',
    cell: ({ row: { original: row } }) => {
      const others = (row.tiers ?? []).filter((tier) => tier !== row.tier)
      return (
        <>
          <TierBadge tier={row.tier} />
          {others.length > 0 && (
            <span className="text-faint" title={`also ${others.join(', ')}`}>
              +{others.length}
            </span>
          )}
          <ClockBadge clock={row.clock} />
        </>
      )
    },
  },
  ...rest,
]

/** Levels past this are drawn at its indent: the text must stay in view. */
const INDENTS = 12

function What({ row, indent }: { readonly row: GraphRow; readonly indent: number }) {
  return (
    <span
      className="flex min-w-0 items-center gap-2"
      style={{ paddingLeft: `${Math.min(indent, INDENTS) * 1.125}rem` }}
    >
      <Icon name={row.kind} className={`lane-${row.lane} lane-text`} />
      <Untrusted text={row.label} className="truncate" />
      {row.children > 0 && indent > 0 && <span className="text-xs text-faint">{formatCount(row.children)}</span>}
      {row.trigger === true && <span className="badge badge-info">trigger</span>}
      {row.unjoined === true && row.parent === undefined && <span className="badge">joined to no prompt</span>}
      {row.status === 'error' && <ErrorBadge />}
    </span>
  )
}
