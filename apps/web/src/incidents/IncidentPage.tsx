import type { IncidentWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { EvidenceChecklist } from '../evidence/EvidenceChecklist.tsx'
import { ExportButton } from '../evidence/ExportButton.tsx'
import { paths } from '../paths.ts'
import { RespondPanel } from '../response/RespondPanel.tsx'
import { ResponseParts } from '../response/ResponseParts.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { plural } from '../ui/format.ts'
import { Fact, PageHead } from '../ui/Page.tsx'
import { Chain } from './Chain.tsx'
import { Columns } from './Columns.tsx'
import { EventLink } from './EventLink.tsx'
import { History } from './History.tsx'
import { Runbook } from './Runbook.tsx'
import { STANDINGS, TRIAGE_BADGES, TYPE_NAMES } from './words.ts'

const route = getRouteApi(paths.incident)

/** One incident: what happened, what set it off, which type it is and why, what to do first. */
export function IncidentPage() {
  const { incident: id } = route.useParams()
  const { data: incident } = useSuspenseQuery(queries.incident(id))
  const { type, outcome, confidence, standing, tier, repeats } = incident
  return (
    <>
      <PageHead
        tab={`${TYPE_NAMES[type]} ${incident.id}`}
        title={<Untrusted text={incident.headline} />}
        actions={
          <>
            <CopyAs
              command={`npm run -s holdfast -- incidents show ${incident.id}`}
              value={incident}
              api={`/api/v1/incidents/${encodeURIComponent(incident.id)}`}
            />
            <Link to={paths.auditRow} params={{ row: `row~${incident.id}` }} className="button">
              Audit row
            </Link>
            <ExportButton of={{ kind: 'incident', id: incident.id }} />
          </>
        }
      >
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="badge badge-bad">
            {outcome === 'attempt' ? 'Attempt: ' : ''}
            {TYPE_NAMES[type]}
          </span>
          <span>
            confidence {confidence.toFixed(2)}, <span title={STANDINGS[standing]}>{standing}</span>
          </span>
          <span className={`badge ${TRIAGE_BADGES[incident.triage]}`}>{incident.triage}</span>
          <TierBadge tier={tier} />
          {incident.end !== undefined && <span className="badge">closed: {incident.end.resolution}</span>}
          <span>{repeats === 1 ? 'seen once' : `seen ${repeats} times`}</span>
          <span>
            last <Time at={incident.lastClaimed} ago />
          </span>
          <span className="mono text-faint">{incident.id}</span>
        </span>
      </PageHead>
      <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-4 py-4">
        <Trigger incident={incident} />
        <Facts incident={incident} />
        <EvidenceChecklist of={{ kind: 'incident', id: incident.id }} />
        <RespondPanel incident={incident.id} />
        <Runbook incident={incident.id} />
        <ResponseParts incident={incident.id} />
        <Columns columns={incident.columns} conversation={incident.conversations[0] ?? ''} />
        <Chain incident={incident} />
        <History history={incident.history} />
      </div>
    </>
  )
}

/** What set it off, quoted as it was, inert. */
function Trigger({ incident }: { readonly incident: IncidentWire }) {
  const quote = incident.evidence.for.find((line) => line.quote !== undefined)?.quote
  if (quote === undefined) return null
  return (
    <section aria-label="What set it off" className="panel flex flex-col gap-1 p-3">
      <h2 className="eyebrow">What set it off</h2>
      <blockquote>
        <Untrusted text={quote.text} as="block" />
      </blockquote>
      <EventLink event={quote.event} conversation={incident.conversations[0] ?? ''} label="the text that brought it" />
    </section>
  )
}

function Facts({ incident }: { readonly incident: IncidentWire }) {
  const { triageAdvice, rung, phase, caps, surfaces, agents, conversations, contributing } = incident
  return (
    <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
      <Fact label="Do first">{triageAdvice.firstAction}</Fact>
      <Fact label={`Why ${triageAdvice.tier}`}>{triageAdvice.why}</Fact>
      <Fact label="What would change it">{triageAdvice.wouldChange.join('; ')}</Fact>
      <Fact label="Rung">
        {rung.rung ?? 'none'}: <Untrusted text={rung.reason} />
      </Fact>
      <Fact label="Phase">{phase}</Fact>
      <Fact label="Contributing">
        {contributing.length === 0 ? 'no other type' : contributing.map((type) => TYPE_NAMES[type]).join(', ')}
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
      </Fact>
      <Fact label={plural(agents.length, 'agent')}>
        {agents.map((agent) => (
          <Link key={agent} to={paths.agent} params={{ agent }} className="link block truncate">
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
            className="link block truncate"
          >
            <Untrusted text={conversation} />
          </Link>
        ))}
      </Fact>
      {caps.map((cap) => (
        <Fact key={cap} label="Held down">
          <span className="text-warn">{cap}</span>
        </Fact>
      ))}
    </dl>
  )
}

const SURFACES: ReadonlyMap<string, string> = new Map([
  ['S1', 'input'],
  ['S2', 'tools'],
  ['S3', 'identity'],
  ['S4', 'agents'],
])
