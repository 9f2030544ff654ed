import type { ScopeRowWire, ScopeWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { CsvLink } from '../inventory/CsvLink.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { TabHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState } from '../ui/States.tsx'
import { GapTable } from './GapTable.tsx'
import { GrantList } from './GrantList.tsx'
import { GrantTable } from './GrantTable.tsx'
import { scopeCsv } from './scope-csv.ts'
import { plural } from '../ui/format.ts'

const route = getRouteApi(paths.agentScope)

/** What the agent may against what it does: two lanes that share nothing, and what stands beside them. */
export function ScopeTab() {
  const { agent } = route.useParams()
  const { at } = route.useSearch()
  const { data: scope } = useSuspenseQuery(queries.scope(agent, at))
  if (isEmpty(scope)) {
    return (
      <EmptyState
        title="No grant of this agent is known"
        why="Import what gives it authority (IAM policies, RBAC, Google Cloud bindings), which identity it acts as, and the audit log that shows what it does with it."
        command="npm run -s holdfast -- import PATH"
      />
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 *:shrink-0">
      <Head scope={scope} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Lane
          isBeside
          title="Unused Excess"
          what="Granted and idle for the whole window: remove it."
          rows={scope.unusedExcess}
          empty="Nothing that is granted was idle."
        />
        <Lane
          isBeside
          title="Inherited Overreach"
          what="Reachable through something inherited and never declared, used or not: re-scope or split."
          rows={scope.inheritedOverreach}
          empty="Nothing is inherited that was not declared."
        />
      </div>
      <GapTable gaps={scope.inventoryGaps} />
      {OTHERS.map(({ list, title, what }) =>
        scope[list].length === 0 ? null : <Lane key={list} title={title} what={what} rows={scope[list]} empty="" />,
      )}
      <Unresolved scope={scope} />
    </div>
  )
}

const OTHERS = [
  {
    list: 'undeclaredUse',
    title: 'Undeclared use',
    what: 'Granted directly and used, and not among the needs that the agent declares.',
  },
  {
    list: 'inScopeAnomalies',
    title: 'In-scope anomalies',
    what: 'Grant and use agree, and the pattern moved: drift decides, not this page.',
  },
  { list: 'justified', title: 'Justified', what: 'Declared and used.' },
  {
    list: 'undetermined',
    title: 'Undetermined',
    what: 'Nothing of the audit log was recorded in the window, so idle is not known.',
  },
  { list: 'withoutEffect', title: 'Without effect', what: 'Granted, and a deny, a limit or a condition stops it.' },
] as const

function isEmpty(scope: ScopeWire): boolean {
  return (
    scope.unusedExcess.length +
      scope.inheritedOverreach.length +
      scope.inventoryGaps.length +
      scope.unresolved.length ===
      0 && OTHERS.every(({ list }) => scope[list].length === 0)
  )
}

function Head({ scope }: { readonly scope: ScopeWire }) {
  const { agent, actsAs, gaps, window, profile, owner } = scope
  return (
    <TabHead
      actions={
        <>
          {' '}
          <CsvLink name={`scope-${agent}`} text={() => scopeCsv(scope)} />
          <CopyAs
            command={`npm run -s holdfast -- scope ${shellWord(agent)}`}
            value={scope}
            api={`/api/v1/agents/${encodeURIComponent(agent)}/scope`}
          />
        </>
      }
    >
      <p>
        {plural(window.days, 'day')} of claimed time, {window.from} to {window.to}.{' '}
        <span className={`badge ${profile === 'complete' ? 'badge-good' : 'badge-warn'}`}>{profile} profile</span>
        {owner !== undefined && (
          <>
            {' '}
            Owner: <Untrusted text={owner} />
          </>
        )}
      </p>
      <p className="text-soft">
        Acts as{' '}
        {actsAs.length === 0
          ? 'no identity that is known'
          : actsAs.map(({ principal, path, ancestor }, i) => (
              <span key={principal}>
                {i > 0 && ', '}
                <Untrusted text={principal} />
                {path === 'inherited' && ancestor !== undefined && (
                  <>
                    {' '}
                    from <Untrusted text={ancestor} />
                  </>
                )}
              </span>
            ))}
      </p>
      {gaps.map((gap) => (
        <p key={gap} className="note note-warn">
          <Untrusted text={gap} />
        </p>
      ))}
    </TabHead>
  )
}

type LaneProps = {
  /** It stands beside another: narrow rows in place of a table. */
  readonly isBeside?: boolean
  readonly title: string
  readonly what: string
  readonly rows: readonly ScopeRowWire[]
  readonly empty: string
}

function Lane({ title, what, rows, empty, isBeside = false }: LaneProps) {
  const Grants = isBeside ? GrantList : GrantTable
  return (
    <section aria-label={title} className="panel flex min-w-0 flex-col">
      <header className="flex flex-col gap-0.5 border-b border-line p-3">
        <h2 className="font-semibold">
          {title} <span className="font-normal text-faint">{rows.length}</span>
        </h2>
        <p className="text-soft">{what}</p>
      </header>
      {rows.length === 0 ? <p className="p-3 text-faint">{empty}</p> : <Grants label={title} rows={rows} />}
    </section>
  )
}

function Unresolved({ scope: { unresolved } }: { readonly scope: ScopeWire }) {
  if (unresolved.length === 0) return null
  return (
    <section className="panel p-3">
      <h2 className="font-semibold">Bound to it, and described by no known document</h2>
      <ul className="mt-1">
        {unresolved.map(({ name, via }) => (
          <li key={`${name} ${via.join(' ')}`}>
            <Untrusted text={name} /> <span className="text-faint">by</span>{' '}
            <Untrusted text={via.join(' > ')} className="text-soft" />
          </li>
        ))}
      </ul>
    </section>
  )
}
