import type { IncidentWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { plural } from '../ui/format.ts'
import { Fact } from '../ui/Page.tsx'
import { TypedWords } from '../ui/Remedy.tsx'
import { TRIAGE_BADGES, TYPE_NAMES } from './words.ts'

/** What else is known of it: how urgent and why, where it is, how often it was seen. */
export function Facts({ incident }: { readonly incident: IncidentWire }) {
  const { triage, triageAdvice, rung, phase, caps, surfaces, agents, conversations, contributing } = incident
  const { repeats, harmfulActs, harmfulActsAtLeast } = incident
  return (
    <section aria-label="Facts" className="panel p-3">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
        <Fact label="Do first">
          <TypedWords text={triageAdvice.firstAction} label="the command" />
        </Fact>
        <Fact label={`Why ${triageAdvice.tier}`}>
          <span className={`badge ${TRIAGE_BADGES[triage]}`}>{triage}</span> {triageAdvice.why}
        </Fact>
        <Fact label="What would change it">{triageAdvice.wouldChange.join('; ')}</Fact>
        <Fact label="Rung in force">
          {rung.rung ?? 'none'}:{' '}
          {rung.rung === undefined ? (
            <TypedWords text={rung.reason} label="the command" />
          ) : (
            <Untrusted text={rung.reason} />
          )}
        </Fact>
        <Fact label="Phase">{phase}</Fact>
        <Fact label="Contributing">
          {contributing.length === 0 ? 'no other type' : contributing.map((type) => TYPE_NAMES[type]).join(', ')}
        </Fact>
        <Fact label="Seen">
          {harmfulActsAtLeast === undefined
            ? harmfulActs.length > 0 && `${plural(harmfulActs.length, 'harmful act')}; `
            : `at least ${plural(harmfulActsAtLeast, 'harmful act')}; `}
          {repeats === 1 ? 'no other is like it' : `one of ${repeats} alike`}; last{' '}
          <Time at={incident.lastClaimed} ago /> <TierBadge tier={incident.tier} />
        </Fact>
        <Fact label="Surfaces">
          <span className="flex flex-wrap gap-2">
            {Object.entries(surfaces).map(([surface, colour]) => (
              <span
                key={surface}
                className={`badge ${colour === 'red' ? 'badge-bad' : colour === 'amber' ? 'badge-warn' : 'badge-good'}`}
              >
                {surface} {SURFACES.get(surface)}: {colour}
              </span>
            ))}
          </span>
          <span className="mt-1 block text-sm text-faint">
            Where it shows. Red: what was seen there says that something was done; amber: a hint, or a text that came
            in; green: nothing that was seen there speaks for it, which is no proof that nothing happened.
          </span>
        </Fact>
        <Fact label={plural(agents.length, 'agent')}>
          {agents.map((agent) => (
            <Link
              key={agent}
              to={paths.agent}
              params={{ agent }}
              className="link block py-0.5 [overflow-wrap:anywhere]"
            >
              <Untrusted text={agent} />
            </Link>
          ))}
        </Fact>
        <Fact label={plural(conversations.length, 'conversation')}>
          {conversations.map((conversation) => (
            <Link
              key={conversation}
              to={paths.conversation}
              params={{ conversation }}
              search={{ view: 'graph', mode: 'aggregated' }}
              className="link block py-0.5 [overflow-wrap:anywhere]"
            >
              <Untrusted text={conversation} />
            </Link>
          ))}
        </Fact>
        <Fact label="Id">
          <span className="mono">{[incident.id, ...incident.alsoKnownAs].join(', ')}</span>
        </Fact>
        {caps.map((cap) => (
          <Fact key={cap} label="Held down">
            <span className="text-warn">{cap}</span>
          </Fact>
        ))}
      </dl>
    </section>
  )
}

const SURFACES: ReadonlyMap<string, string> = new Map([
  ['S1', 'input and model'],
  ['S2', 'tools and machine'],
  ['S3', 'identity'],
  ['S4', 'other agents'],
])
