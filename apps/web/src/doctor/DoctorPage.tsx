import { CHECK_GROUPS, type Check } from '@holdfast/api'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { formatCount, formatShare, plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { Remedy } from '../ui/Remedy.tsx'
import { EvidenceReady } from './EvidenceReady.tsx'

const GROUPS: Readonly<Record<Check['group'], string>> = {
  machine: 'This machine',
  store: 'Log and disk',
  senders: 'Senders',
  capture: 'What agents tell',
  sensors: 'Kernel sensors',
  containment: 'Means to hold an agent',
  accounts: 'Accounts',
  notices: 'Notices',
  forwarding: 'Telemetry passed on',
}

const STATUS: Readonly<
  Record<Check['status'], { readonly badge: string; readonly sign: string; readonly place: number }>
> = {
  FAIL: { badge: 'badge-bad', sign: '✕', place: 0 },
  WARN: { badge: 'badge-warn', sign: '!', place: 1 },
  PASS: { badge: 'badge-good', sign: '✓', place: 2 },
}

/** What is wrong and what would be missing if an incident happened now, each with the exact fix: what fails stands first. */
export function DoctorPage() {
  const { data } = useSuspenseQuery(queries.doctor())
  const client = useQueryClient()
  const { checks, evidence } = data
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length
  const groups = CHECK_GROUPS.map((group) => ({
    group,
    own: checks
      .filter((check) => check.group === group)
      .toSorted((a, b) => STATUS[a.status].place - STATUS[b.status].place),
  }))
    .filter(({ own }) => own.length > 0)
    .toSorted((a, b) => worst(a.own) - worst(b.own))
  return (
    <div data-scrolls="page" className="min-h-0 flex-1 overflow-auto">
      <PageHead
        tab="Doctor"
        title={
          evidence.of === 0
            ? 'If an incident happened now, there would be nothing to read yet'
            : `If an incident happened now, ${formatShare(evidence.ready / evidence.of)} of its evidence would be complete`
        }
        actions={
          <>
            <button
              type="button"
              className="button"
              onClick={() => void client.invalidateQueries({ queryKey: ['doctor'] })}
            >
              Check again
            </button>
            <CopyAs command="npm run -s holdfast -- doctor" value={data} api="/api/v1/doctor" />
          </>
        }
      >
        <span className="flex flex-wrap items-center gap-2">
          {(['FAIL', 'WARN', 'PASS'] as const).map((status) => (
            <span
              key={status}
              className={`badge ${count(status) === 0 && status !== 'PASS' ? '' : STATUS[status].badge}`}
            >
              {formatCount(count(status))} {status}
            </span>
          ))}
          <span>
            The same from a terminal, which checks that machine too: <code>npm run -s holdfast -- doctor</code>; from a
            probe at <code>/readyz?verbose</code>, and as gauges in <code>/metrics</code>.
          </span>
        </span>
      </PageHead>
      <div className="flex flex-col gap-4 p-4">
        <EvidenceReady evidence={evidence} />
        <div className="gap-4 xl:columns-2">
          {groups.map(({ group, own }) => (
            <Group key={group} group={group} checks={own} />
          ))}
        </div>
      </div>
    </div>
  )
}

function worst([first]: readonly Check[]): number {
  return first === undefined ? 3 : STATUS[first.status].place
}

function Group({ group, checks }: { readonly group: Check['group']; readonly checks: readonly Check[] }) {
  const open = checks.filter(({ status }) => status !== 'PASS')
  const passed = checks.filter(({ status }) => status === 'PASS')
  return (
    <section aria-label={GROUPS[group]} className="panel mb-4 flex break-inside-avoid flex-col p-4">
      <h2 className="mb-1 text-lg font-semibold">{GROUPS[group]}</h2>
      <ul className="flex flex-col divide-y divide-line">
        {[...Map.groupBy(open, fixOf)].map(([fix, alike]) => (
          <Row key={fix} checks={alike} />
        ))}
      </ul>
      {passed.length > 0 && (
        <details
          open={open.length === 0 || passed.length <= PASSED_SHOWN}
          className={open.length > 0 ? 'border-t border-line pt-1' : ''}
        >
          <summary className="cursor-pointer text-faint">{formatCount(passed.length)} passed</summary>
          <ul className="flex flex-col divide-y divide-line">
            {passed.map((check) => (
              <Row key={check.id} checks={[check]} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

/** Checks that passed and are shown beside open ones without being asked for. */
const PASSED_SHOWN = 4

/** What makes checks one row: that one fix mends them, so that it stands there once. */
function fixOf({ id, status, remedy }: Check): string {
  return remedy === undefined ? id : `${status} ${remedy}`
}

/** Checks with one fix between them, or one without any. */
function Row({ checks }: { readonly checks: readonly Check[] }) {
  const [first] = checks
  if (first === undefined) return null
  const { badge, sign } = STATUS[first.status]
  return (
    <li className="flex items-start gap-2 py-1.5">
      <span className={`badge ${badge} mt-0.5`}>
        <span aria-hidden="true">{sign}</span> {first.status}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {checks.map(({ id, title, detail }) => (
          <span key={id}>
            <Untrusted text={title} className="font-medium" />
            {detail !== '' && (
              <>
                {': '}
                <Untrusted text={detail} className="text-soft" />
              </>
            )}
          </span>
        ))}
        {first.remedy !== undefined && (
          <Remedy
            text={first.remedy}
            label={
              checks.length === 1 ? `the fix of ${first.title}` : `the one fix of ${plural(checks.length, 'check')}`
            }
          />
        )}
      </div>
    </li>
  )
}
