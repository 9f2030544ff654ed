import type { PolicyArtifactWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { Fact, PageHead } from '../ui/Page.tsx'
import { PolicyLines } from './PolicyLines.tsx'
import { Replay } from './Replay.tsx'
import { inertLine } from '../text/inert.ts'
import { plural } from '../ui/format.ts'

const route = getRouteApi(paths.policy)

/** One policy, line by line, or two of them side by side. */
export function PolicyPage() {
  const { artifact: id } = route.useParams()
  const { line, beside } = route.useSearch()
  const navigate = useNavigate()
  const { data: policy } = useSuspenseQuery(queries.policy(id))
  const others = useSuspenseQuery(queries.policies(undefined)).data.items.flatMap(({ name, artifacts }) =>
    artifacts.filter((one) => one.id !== id && one.kind === policy.kind).map((one) => ({ name, id: one.id })),
  )
  return (
    <>
      <PageHead
        tab={`${policy.kind} policy`}
        title={
          <>
            {policy.kind} of <Untrusted text={nameOf(policy.agent)} />
          </>
        }
        actions={
          <>
            <label className="flex items-center gap-2 text-soft">
              beside
              <select
                className="field"
                value={beside ?? ''}
                onChange={({ target }) =>
                  void navigate({
                    to: paths.policy,
                    params: { artifact: id },
                    search: target.value === '' ? {} : { beside: target.value },
                  })
                }
              >
                <option value="">nothing</option>
                {others.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name.slice(0, 60)} {one.id.slice(0, 8)}
                  </option>
                ))}
              </select>
            </label>
            <Link to={paths.audit} search={{ kind: 'violation', artifact: id }} className="button">
              Violations
            </Link>
            <CopyAs
              command={`npm run -s holdfast -- policy show ${id}`}
              value={policy}
              api={`/api/v1/policies/${id}`}
            />
          </>
        }
      >
        <span className="mono break-all">{id}</span>
      </PageHead>
      <div className={`grid min-h-0 flex-1 gap-5 overflow-auto p-4 ${beside === undefined ? '' : 'xl:grid-cols-2'}`}>
        <Policy policy={policy} line={line} />
        {beside !== undefined && <Beside id={beside} />}
        {beside === undefined && <Replay asked={{ artifacts: [id] }} />}
      </div>
    </>
  )
}

function Beside({ id }: { readonly id: string }) {
  const { data: policy } = useSuspenseQuery(queries.policy(id))
  return <Policy policy={policy} line={undefined} />
}

function Policy({ policy, line }: { readonly policy: PolicyArtifactWire; readonly line: string | undefined }) {
  const { agent, agentClass, profile, validUntil, effective, blindSpots, decisions } = policy
  return (
    <section className="flex min-w-0 flex-col gap-4" aria-label={`Policy of ${inertLine(nameOf(agent))}`}>
      <dl className="panel grid grid-cols-[repeat(auto-fit,minmax(14rem,1fr))] gap-3 p-3">
        <Fact label="Agent">
          <Link to={paths.agentPolicies} params={{ agent }} className="link">
            <Untrusted text={nameOf(agent)} />
          </Link>{' '}
          <span className="text-soft">{agentClass}</span>
        </Fact>
        <Fact label="Profile">
          <span className="mono" title={profile.digest}>
            {profile.digest.slice(0, 12)}
          </span>{' '}
          {plural(profile.days, 'day')}, {plural(profile.observations, 'observation')}, as of <Time at={profile.asOf} />
        </Fact>
        <Fact label="Valid until">
          <Time at={validUntil} />
        </Fact>
        <Fact label="Effect beside what is in force">
          <span className={`badge ${effective.narrows ? 'badge-good' : 'badge-warn'}`}>
            {effective.narrows ? 'narrows' : 'narrows nothing'}
          </span>{' '}
          <Untrusted text={effective.reason} />
        </Fact>
        {Object.entries(decisions).map(([name, { value, chosenBy, reason }]) => (
          <Fact key={name} label={name}>
            <span className="mono">{value}</span>{' '}
            <span className="text-soft">
              by {chosenBy === 'default' ? 'the class' : <Untrusted text={personWords(chosenBy)} />}:{' '}
              <Untrusted text={reason} />
            </span>
          </Fact>
        ))}
      </dl>
      <PolicyLines policy={policy} line={line} />
      <div className="note note-warn">
        <h2 className="font-semibold">What it cannot see or stop</h2>
        {blindSpots.length === 0 ? (
          <p>Nothing is known.</p>
        ) : (
          <ul className="list-disc pl-5">
            {blindSpots.map((spot) => (
              <li key={spot}>
                <Untrusted text={spot} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function nameOf(agent: string): string {
  return agent.slice(agent.lastIndexOf('/') + 1)
}
