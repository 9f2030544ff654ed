import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { NEWEST_EVENTS } from '../limits.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'

const KINDS = [
  { kind: 'process', title: 'Processes' },
  { kind: 'connection', title: 'Connections' },
  { kind: 'dns', title: 'Names looked up' },
  { kind: 'file', title: 'Files' },
  { kind: 'kernel', title: 'Other acts' },
] as const

/** The newest of each kind that a kernel saw of an agent, each with the conversation that it stands in. */
export function KernelFacts({ agent }: { readonly agent: string }) {
  const answers = useQueries({ queries: KINDS.map(({ kind }) => queries.newest(agent, kind)) })
  const failed = answers.find(({ error }) => error !== null)
  if (failed !== undefined) {
    return (
      <ErrorState what="events" error={failed.error} onRetry={() => answers.forEach((one) => void one.refetch())} />
    )
  }
  if (answers.some(({ data }) => data === undefined)) return <Loading what="what the kernel saw" />
  const groups = KINDS.map((group, at) => ({ ...group, items: answers[at]?.data?.items ?? [] })).filter(
    ({ items }) => items.length > 0,
  )
  if (groups.length === 0) {
    return <p className="text-soft">No kernel event of this agent is among the newest records.</p>
  }
  return (
    <div className="flex flex-col gap-4">
      {groups.map(({ kind, title, items }) => (
        <section key={kind} aria-label={title}>
          <h3 className="eyebrow mb-1">
            {title} {items.length === NEWEST_EVENTS ? `· the newest ${NEWEST_EVENTS}` : `· ${items.length}`}
          </h3>
          <ul className="flex flex-col divide-y divide-line">
            {items.map(({ id, label, claimedAt, conversation }) => (
              <li key={id} className="flex items-baseline gap-3 py-0.5">
                <Link
                  to={paths.conversation}
                  params={{ conversation }}
                  search={{ view: 'tree', mode: 'aggregated', event: id }}
                  className="link min-w-0 flex-1 truncate"
                >
                  <Untrusted text={label} />
                </Link>
                <Time at={claimedAt} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
