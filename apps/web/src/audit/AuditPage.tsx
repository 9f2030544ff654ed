import type { AuditHit } from '@holdfast/api'
import { pathOf, routes } from '@holdfast/api'
import { useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { EmptyState } from '../ui/States.tsx'
import { auditQueries } from './queries.ts'
import { SUBJECT_WORDS } from './words.ts'

const route = getRouteApi(paths.audit)

const columns: readonly GridColumn<AuditHit>[] = [
  {
    id: 'kind',
    header: 'About',
    track: '11rem',
    cell: ({ row: { original: row } }) => (
      <span className="flex items-center gap-1">
        <span className="badge badge-bad">{SUBJECT_WORDS[row.kind]}</span>
        {row.mode !== undefined && <span className="badge">{row.mode}</span>}
      </span>
    ),
  },
  {
    id: 'what',
    header: 'What',
    track: 'minmax(18rem, 3fr)',
    onPhone: 'lead',
    cell: ({ row: { original: row } }) => (
      <span className="flex min-w-0 flex-col leading-tight">
        <Untrusted text={row.words} className="truncate" />
        <Untrusted text={row.agent} className="mono truncate text-faint" />
      </span>
    ),
  },
  {
    id: 'at',
    header: 'At',
    track: '18.5rem',
    cell: ({ row: { original: row } }) => <Time at={row.at} ago />,
  },
]

/** Violations and incidents, newest first, each with its row. Violations are looked for page by page, when asked. */
export function AuditPage() {
  const { kind, artifact } = route.useSearch()
  const navigate = route.useNavigate()
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    auditQueries.list({ kind, artifact }),
  )
  const items = useMemo(() => data.pages.flatMap((page) => page.items), [data])
  const looked = data.pages.reduce((sum, page) => sum + page.looked, 0)
  const cold = data.pages.reduce((sum, page) => sum + page.cold, 0)
  const withheld = data.pages[0]?.withheld ?? 0
  // Each page counts its own violations, and the first all incidents.
  const counts = {
    violation: data.pages.reduce((sum, { facets }) => sum + countOf(facets.kind, 'violation'), 0),
    incident: countOf(data.pages[0]?.facets.kind ?? [], 'incident'),
  }
  const rowAt = useCallback((index: number) => items[index], [items])
  const open = useCallback(
    (row: AuditHit) => void navigate({ to: paths.auditRow, params: { row: row.row } }),
    [navigate],
  )
  return (
    <>
      <PageHead
        tab="Audit"
        title="Audit"
        copy={{ command: 'npm run -s holdfast -- audit list', api: pathOf(routes.listAudit, {}, { kind, artifact }) }}
      >
        {artifact !== undefined && (
          <>
            Of artifact <span className="mono">{artifact.slice(0, 16)}</span> alone.{' '}
          </>
        )}
        One row for each violation of a policy and each incident: input, prompt, tools, egress and kernel, with the
        proof.
      </PageHead>
      <nav aria-label="About" className="flex flex-wrap gap-2 px-4 pt-3">
        <Link to={paths.audit} search={{}} className={`badge ${kind === undefined ? 'badge-info' : ''}`}>
          all
        </Link>
        {(['violation', 'incident'] as const).map((one) => (
          <Link
            key={one}
            to={paths.audit}
            search={{ kind: one }}
            className={`badge ${kind === one ? 'badge-info' : ''}`}
          >
            {one} {counts[one]}
          </Link>
        ))}
        <span className="text-faint">
          {plural(looked, 'entry', 'entries')} looked through for violations
          {cold > 0 && `, ${cold} not, being in cold storage that is not there`}
          {hasNextPage && ', older ones not yet'}
          {withheld > 0 && `; ${plural(withheld, 'more incident', 'more incidents')} like those listed and not named`}
        </span>
        {hasNextPage && (
          <button
            type="button"
            className="button"
            disabled={isFetchingNextPage}
            title={isFetchingNextPage ? 'older entries are being looked through' : 'the next page of the list'}
            onClick={() => void fetchNextPage()}
          >
            {isFetchingNextPage ? 'Looking …' : 'Show older'}
          </button>
        )}
      </nav>
      <div className="flex min-h-0 flex-1 flex-col px-4 py-3">
        {items.length === 0 ? (
          <EmptyState
            title={hasNextPage ? 'Nothing so far' : 'Nothing to audit'}
            why={
              hasNextPage
                ? 'Nothing in what was looked through. Older entries were not looked at yet.'
                : 'No policy was violated and no incident was named. A row can still be opened from any event, or by any id.'
            }
            command="npm run -s holdfast -- audit row ID"
          />
        ) : (
          <DataGrid
            label="Audit rows"
            columns={columns}
            count={items.length}
            rowAt={rowAt}
            keyOf={(row) => row.row}
            onOpen={open}
            rowHeight={52}
          />
        )}
      </div>
    </>
  )
}

function countOf(facet: readonly { readonly value: string; readonly count: number }[], wanted: string): number {
  return facet.find(({ value }) => value === wanted)?.count ?? 0
}
