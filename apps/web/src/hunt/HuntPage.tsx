import { type Answer, type HuntRowWire, pathOf, routes } from '@holdfast/api'
import { HUNT_FIELDS, type HuntField, parseUnixNano, shellWord, type UnixNano } from '@holdfast/model'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { HUNT_PAGE, HUNT_ROWS } from '../limits.ts'
import { paths } from '../paths.ts'
import type { HuntSearch, TimeSearch } from '../search-params.ts'
import { CopyAs } from '../ui/CopyAs.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { PageHead } from '../ui/Page.tsx'
import { EmptyState, ErrorState, Loading } from '../ui/States.tsx'
import { columnsOf } from './columns.ts'
import { Facets } from './Facets.tsx'
import { Histogram } from './Histogram.tsx'
import { HistoryTree, useHistory } from './HistoryTree.tsx'
import { HuntRows, rowKey } from './HuntRows.tsx'
import { InTexts } from './InTexts.tsx'
import { MarkBar } from './MarkBar.tsx'
import { QueryBar } from './QueryBar.tsx'
import { askedOf } from './asked.ts'
import { type HuntAsked, huntQueries } from './queries.ts'
import { RowPane } from './RowPane.tsx'
import { SavedViews } from './SavedViews.tsx'
import { StackView } from './StackView.tsx'
import { type Mode, toggled } from './terms.ts'
import { WhenField } from './WhenField.tsx'

const route = getRouteApi('/hunt')
const SIDES = { values: 'Values', views: 'Saved views', history: 'History' } as const

/** All events of all agents: ask, count, narrow, look around, keep. The address holds the question. */
export function HuntPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [marked, setMarked] = useState<ReadonlyMap<string, HuntRowWire>>(new Map())
  const [side, setSide] = useState<keyof typeof SIDES>('values')
  const [isSideOpen, setSideOpen] = useState(false)
  const [history, forgetHistory] = useHistory(search)
  const asked = askedOf(search, nowNanos())
  const facets = useQuery(huntQueries.facets(asked))
  const set = useCallback(
    (change: Partial<HuntSearch>) => void navigate({ to: paths.hunt, search: (old) => ({ ...old, ...change }) }),
    [navigate],
  )
  const q = search.q ?? ''
  const onToggle = useCallback(
    (field: HuntField, value: string, mode: Mode) => set({ q: given(toggled(q, field, { value, mode })) }),
    [set, q],
  )
  const onMark = useCallback((row: HuntRowWire) => {
    setMarked((before) => {
      const after = new Map(before)
      if (!after.delete(rowKey(row))) after.set(rowKey(row), row)
      return after
    })
  }, [])
  const readAgain = (): void => {
    void client.invalidateQueries({ queryKey: ['hunt-rows'] })
    void client.invalidateQueries({ queryKey: ['hunt-facets'] })
  }
  return (
    <>
      <PageHead
        tab={q === '' ? 'Hunt' : `Hunt: ${q}`}
        title="Hunt"
        actions={
          <>
            <button type="button" className="button" onClick={readAgain}>
              Read again
            </button>
            <CopyAs command={commandOf(asked)} api={pathOf(routes.hunt, {}, { ...asked, limit: 1_000 })} />
          </>
        }
      >
        <Found answer={facets.data} isOld={facets.isPlaceholderData} hasFailed={facets.isError} />
      </PageHead>
      <div className="flex flex-wrap items-start gap-2 border-b border-line bg-surface px-4 py-2">
        <QueryBar q={q} onAsk={(next) => set({ q: given(next) })} />
        <WhenField label="From" value={search.from} onChange={(from) => set({ from })} />
        <WhenField label="To" value={search.to} onChange={(to) => set({ to })} />
        <select
          className="field"
          aria-label="By whose clock"
          value={asked.clock ?? 'happened'}
          disabled={search.at !== undefined}
          title={search.at === undefined ? undefined : 'by the clock of the instant that is shown'}
          onChange={(event) => set({ clock: event.target.value === 'recorded' ? 'recorded' : undefined })}
        >
          <option value="happened">as happened</option>
          <option value="recorded">as recorded</option>
        </select>
        <ColumnsMenu cols={columnsOf(search.cols)} onChange={(cols) => set({ cols: cols.join(',') })} />
      </div>
      {marked.size > 0 && <MarkBar marked={[...marked.values()]} onClear={() => setMarked(new Map())} />}
      <div className="flex min-h-0 flex-1 flex-col md:flex-row">
        <button
          type="button"
          className="flex items-center justify-between border-b border-line px-4 py-2 text-left font-medium md:hidden"
          aria-expanded={isSideOpen}
          onClick={() => setSideOpen(!isSideOpen)}
        >
          {Object.values(SIDES).join(', ')}
          <Icon name="chevron" className={isSideOpen ? '-rotate-90' : 'rotate-90'} />
        </button>
        <div
          className={`flex max-h-80 w-full shrink-0 flex-col overflow-auto border-r border-line md:max-h-none md:w-72 ${isSideOpen ? '' : 'max-md:hidden'}`}
        >
          <div className="segmented m-3 mb-0 self-start">
            {(Object.keys(SIDES) as (keyof typeof SIDES)[]).map((one) => (
              <button key={one} type="button" aria-pressed={side === one} onClick={() => setSide(one)}>
                {SIDES[one]}
              </button>
            ))}
          </div>
          {side === 'views' ? (
            <SavedViews search={search} />
          ) : side === 'history' ? (
            <HistoryTree history={history} onClear={forgetHistory} />
          ) : (
            <Facets
              facets={facets.data?.facets ?? []}
              q={q}
              onToggle={onToggle}
              onStack={(field) => set({ stack: field })}
            />
          )}
        </div>
        <div className="flex min-h-96 min-w-0 flex-1 flex-col">
          {facets.data?.histogram !== undefined ? (
            <Histogram histogram={facets.data.histogram} onNarrow={(from, to) => set({ from, to })} />
          ) : (
            // Its room while it is counted: rows that can be read already are not moved by it.
            facets.isPending && <div className="h-[6.3rem] border-b border-line" />
          )}
          {search.stack === undefined ? (
            <Rows asked={asked} search={search} marked={marked} onMark={onMark} onToggle={onToggle} set={set} />
          ) : (
            <StackView
              asked={asked}
              field={search.stack}
              q={q}
              onToggle={onToggle}
              onClose={() => set({ stack: undefined })}
            />
          )}
        </div>
      </div>
    </>
  )
}

type RowsProps = {
  readonly asked: HuntAsked
  readonly search: HuntSearch & TimeSearch
  readonly marked: ReadonlyMap<string, HuntRowWire>
  readonly onMark: (row: HuntRowWire) => void
  readonly onToggle: (field: HuntField, value: string, mode: Mode) => void
  readonly set: (change: Partial<HuntSearch>) => void
}

function Rows({ asked, search, marked, onMark, onToggle, set }: RowsProps) {
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    huntQueries.rows(asked),
  )
  const columns = useMemo(() => columnsOf(search.cols), [search.cols])
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
  const markedKeys = useMemo(() => new Set(marked.keys()), [marked])
  if (error !== null) return <ErrorState what="events" error={error} onRetry={() => void refetch()} />
  if (isPending) return <Loading what="events" />
  const last = data.pages.at(-1)
  const open = search.event === undefined ? undefined : rows.find(({ id }) => id === search.event)
  const isKept = rows.length < HUNT_ROWS
  // A full page is followed by the next as it comes into view. One that found less was a long search, and the next is asked for.
  const hasMore = hasNextPage && isKept && last?.items.length === HUNT_PAGE
  if (rows.length === 0 && hasNextPage)
    return (
      <EmptyState
        title="Nothing found so far"
        why={`This part of the search looked through ${plural(last?.scanned ?? 0, 'event')}${last?.texts === undefined ? '' : ` and into the texts of ${plural(last.texts.read, 'log entry', 'log entries')}`}. There are older ones.`}
      >
        <button type="button" className="button self-start" disabled={isFetching} onClick={() => void fetchNextPage()}>
          {isFetching ? 'Looking …' : 'Look further back'}
        </button>
      </EmptyState>
    )
  if (rows.length === 0) return <NothingFound asked={asked} search={search} of={last?.of ?? 0} set={set} />
  return (
    <div className="flex min-h-0 flex-1 flex-col md:flex-row">
      <div className="flex min-h-80 min-w-0 flex-1 flex-col">
        <HuntRows
          rows={rows}
          hasMore={hasMore}
          onMore={() => {
            if (!isFetching) void fetchNextPage()
          }}
          clock={asked.clock}
          columns={columns}
          q={search.q ?? ''}
          selected={open === undefined ? undefined : rowKey(open)}
          marked={markedKeys}
          onOpen={(row) => set({ event: row.id })}
          onMark={onMark}
          onToggle={onToggle}
        />
        <p className="border-t border-line px-4 py-1 text-xs text-faint">
          {hasNextPage && isKept && !hasMore && (
            <button type="button" className="link mr-2" disabled={isFetching} onClick={() => void fetchNextPage()}>
              {isFetching ? 'Looking …' : 'Look further back'}
            </button>
          )}
          {hasNextPage ? `First ${formatCount(rows.length)} rows` : `All ${plural(rows.length, 'row')}`}, the newest
          recorded first.
          {rows.length >= HUNT_ROWS && hasNextPage && ' No more are kept here: narrow the search, or use the command.'}
          {last?.texts !== undefined &&
            ` Texts of ${plural(last.texts.read, 'log entry', 'log entries')} were looked into${last.texts.unread > 0 ? `, ${formatCount(last.texts.unread)} of them erased or in cold storage` : ''}.`}
        </p>
      </div>
      {open !== undefined && (
        <RowPane
          row={open}
          q={search.q ?? ''}
          search={search}
          onToggle={onToggle}
          onClose={() => set({ event: undefined })}
        />
      )}
    </div>
  )
}

type NothingFoundProps = Pick<RowsProps, 'asked' | 'search' | 'set'> & { readonly of: number }

function NothingFound({ asked, search: { q, from, to, at }, of, set }: NothingFoundProps) {
  if (of === 0)
    return (
      <EmptyState
        title="No event is recorded yet"
        why="Events of every agent are listed here as soon as one has sent something."
        command="npm run -s holdfast -- demo"
      />
    )
  return (
    <EmptyState
      title="No event is found"
      why={`None of ${plural(of, 'event')} passes the query${(from ?? to ?? at) === undefined ? '' : ' within that time'}. What was never received, or not captured, cannot be found.`}
      command="npm run -s holdfast -- doctor"
    >
      <InTexts asked={asked} />
      <div className="flex gap-2">
        {(from ?? to) !== undefined && (
          <button type="button" className="button" onClick={() => set({ from: undefined, to: undefined })}>
            At any time
          </button>
        )}
        {q !== undefined && (
          <button type="button" className="button" onClick={() => set({ q: undefined })}>
            Clear the query
          </button>
        )}
      </div>
    </EmptyState>
  )
}

type FoundProps = {
  readonly answer: Answer<'huntFacets'> | undefined
  readonly isOld: boolean
  readonly hasFailed: boolean
}

/** How many there are, and of how many that is told. */
function Found({ answer, isOld, hasFailed }: FoundProps) {
  if (hasFailed) return <output>Not counted: the question could not be answered.</output>
  if (answer === undefined) return <output>Counting …</output>
  const { matched, scanned, of, behind, nextCursor, texts, areCasesCut } = answer
  return (
    <output>
      {isOld && 'Counting … '}
      {formatCount(matched)} of {plural(of, 'event')}
      {nextCursor !== undefined &&
        `, among the newest ${formatCount(texts === undefined ? scanned : texts.read)} ${texts === undefined ? 'that one answer looks through' : 'entries whose texts one answer reads'}`}
      {behind > 0 && `; ${plural(behind, 'log entry', 'log entries')} still to be read in`}
      {areCasesCut && '; incidents are told of the first 5,000 cases'}.
    </output>
  )
}

type ColumnsMenuProps = {
  readonly cols: readonly HuntField[]
  readonly onChange: (cols: readonly HuntField[]) => void
}

function ColumnsMenu({ cols, onChange }: ColumnsMenuProps) {
  return (
    <details className="relative">
      <summary className="button">
        <Icon name="tool-definition" />
        Columns
      </summary>
      <fieldset className="menu absolute right-0 z-40 mt-1 grid w-72 grid-cols-2 gap-1 p-2">
        <legend className="sr-only">Columns</legend>
        {HUNT_FIELDS.map((field) => (
          <label key={field} className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={cols.includes(field)}
              onChange={({ target: { checked } }) =>
                onChange(checked ? [...cols, field] : cols.filter((one) => one !== field))
              }
            />
            {field}
          </label>
        ))}
      </fieldset>
    </details>
  )
}

function commandOf({ q = '', from, to, clock }: HuntAsked): string {
  const flags = [
    from === undefined ? '' : `--from ${shellWord(from)}`,
    to === undefined ? '' : `--to ${shellWord(to)}`,
    clock === 'recorded' ? '--clock recorded' : '',
  ]
  return ['npm run -s holdfast -- hunt', ...flags, q === '' ? '' : shellWord(q)].filter((part) => part !== '').join(' ')
}

function nowNanos(): UnixNano {
  return parseUnixNano(BigInt(Date.now()) * 1_000_000n) ?? (0n as UnixNano) // 0 is a time
}

function given(q: string): string | undefined {
  return q === '' ? undefined : q
}
