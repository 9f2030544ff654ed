import type { ContainmentWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Command } from '../ui/Copy.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Fact } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState } from '../ui/States.tsx'
import { standing } from './ContainmentBadge.tsx'

const route = getRouteApi(paths.agentContainment)

/** How an agent is held and was held: by whom, why, until when, and what tried whether it holds. Nothing is done from here. */
export function ContainmentTab() {
  const { agent } = route.useParams()
  const { data } = useSuspenseQuery(queries.containments(agent))
  const held = standing(data.items)
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Never contained"
        why="Nobody has held this agent. What a containment would do, and what stands in its way, is said before anything is done:"
        command={`npm run -s holdfast -- contain plan ${shellWord(agent)} --rung soft-quarantine --reason TEXT`}
      />
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-4 *:shrink-0">
      <div className="flex max-w-4xl flex-col gap-2">
        {held === undefined ? (
          <p className="text-soft">Not held now.</p>
        ) : (
          <p>
            Held now: {RUNGS[held.plan.rung]}
            {held.state === 'confirmed'
              ? ', and a probe has confirmed it.'
              : `, but it is only ${held.state}: no probe has confirmed it.`}
          </p>
        )}
        <Command
          label="the command"
          text={
            held === undefined
              ? `npm run -s holdfast -- contain history ${shellWord(agent)}`
              : `npm run -s holdfast -- contain release ${shellWord(agent)} --reason TEXT --yes`
          }
        />
      </div>
      <section className="flex max-w-4xl flex-col gap-3">
        <h2 className="font-semibold">
          History <span className="font-normal text-faint">{plural(data.items.length, 'containment')}</span>
        </h2>
        {data.items.map((item) => (
          <OneContainment key={item.containment} item={item} />
        ))}
      </section>
    </div>
  )
}

const RUNGS: Readonly<Record<ContainmentWire['plan']['rung'], string>> = {
  watch: 'only watched',
  restrict: 'it reaches only what is allowed by name or address',
  'soft-quarantine': 'its network is cut, and it goes on running and being recorded',
  pause: 'it is frozen',
  stop: 'it was asked to end',
  kill: 'it was killed, and may not start again until released',
}

const STATES: Readonly<Record<ContainmentWire['state'], string>> = {
  requested: '',
  applied: 'badge-info',
  confirmed: 'badge-good',
  failed: 'badge-bad',
  refused: 'badge-warn',
  released: '',
}

function OneContainment({ item }: { readonly item: ContainmentWire }) {
  const { plan, state, by, since, endsAt, expired, steps, containment } = item
  return (
    <article aria-label={`${plan.rung} ${state}`} className="panel flex flex-col gap-3 p-3">
      <h3 className="flex flex-wrap items-center gap-2 font-semibold">
        {plan.rung} <span className={`badge ${STATES[state]}`}>{expired && state !== 'released' ? 'over' : state}</span>
      </h3>
      <dl className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        <Fact label="Why">
          <Untrusted text={plan.reason} />
        </Fact>
        <Fact label="Who, at last">
          <Untrusted text={personWords(by)} />
        </Fact>
        <Fact label="From">
          <Time at={since} />
        </Fact>
        <Fact label="Ends by itself">{endsAt === undefined ? 'never' : <Time at={endsAt} />}</Fact>
        <Fact label="Of">
          <Untrusted text={plan.run ?? plan.agentName} /> in {plural(plan.paths.length, 'cgroup')}
        </Fact>
        <Fact label="Sealed before">
          log of {plural(plan.evidence.logSize, 'entry', 'entries')}, evidence{' '}
          {Math.floor(plan.evidence.completeness * 100)} % complete
        </Fact>
      </dl>
      <ol className="flex flex-col divide-y divide-line">
        {steps.map((step, index) => (
          <li key={index} className="flex flex-col gap-1 py-1.5">
            <span className="flex flex-wrap items-baseline gap-x-3">
              <span className={`badge ${STATES[step.state]}`}>{step.state}</span>
              <Untrusted text={step.detail} className="min-w-0 flex-1" />
              <Untrusted text={personWords(step.by)} className="text-soft" />
              <Time at={step.at} />
            </span>
            {step.checks.length > 0 && <Probes checks={step.checks} />}
          </li>
        ))}
      </ol>
      <Untrusted text={containment} className="mono text-faint" />
    </article>
  )
}

/** What was tried, from inside and outside: each was refused, or got through. */
function Probes({ checks }: { readonly checks: ContainmentWire['checks'] }) {
  const through = checks.filter(({ held }) => !held).length
  return (
    <details className="pl-4" open={through > 0}>
      <summary className="cursor-pointer text-soft">
        {plural(checks.length, 'probe')}
        {through === 0 ? ', all held' : `, ${formatCount(through)} got through`}
      </summary>
      <ul className="mt-1 flex flex-col gap-0.5">
        {checks.map(({ way, held, detail }) => (
          <li key={way} className="flex flex-wrap items-baseline gap-x-2">
            <span className={`badge ${held ? 'badge-good' : 'badge-bad'}`}>{held ? 'held' : 'got through'}</span>
            <Untrusted text={way} />
            <Untrusted text={detail} className="text-faint" />
          </li>
        ))}
      </ul>
    </details>
  )
}
