import type { DiagnosticWire } from '@holdfast/api'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { NoAgentYet } from '../agents/NoAgentYet.tsx'
import { TimeHandle } from '../inventory/TimeHandle.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { inertLine } from '../text/inert.ts'
import { CopyAs } from '../ui/CopyAs.tsx'
import { formatCount, formatDuration } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { Attestations } from './Attestations.tsx'
import { Audits } from './Audits.tsx'
import { Capabilities } from './Capabilities.tsx'
import { PackButton } from './PackButton.tsx'
import { diagnosticQueries } from './queries.ts'
import { Scorecard } from './Scorecard.tsx'
import { Tiles } from './Tiles.tsx'

const route = getRouteApi(paths.diagnostic)

/** What an outsider asks of one agent at one instant, answered from the log as it is now. */
export function DiagnosticPage() {
  const { agent } = route.useSearch()
  const { data: agents } = useQuery(diagnosticQueries.agents())
  if (agent === undefined && agents?.items.length === 0)
    return (
      <>
        <PageHead tab="Diagnostic" title="Diagnostic">
          Five questions on an agent, and nine capabilities, answered from the log.
        </PageHead>
        <NoAgentYet why="The questions are asked of an agent, from its first record on." />
      </>
    )
  return <OfAgent />
}

function OfAgent() {
  const { agent, at, question, day } = route.useSearch()
  const { data: diagnostic } = useSuspenseQuery(diagnosticQueries.diagnostic({ agent, at }))
  return (
    <div data-scrolls="page" className="min-h-0 flex-1 overflow-auto">
      <Head diagnostic={diagnostic} />
      <div className="flex flex-col gap-4 p-4">
        <Chooser diagnostic={diagnostic} />
        <Tiles diagnostic={diagnostic} selected={question} />
        <Capabilities diagnostic={diagnostic} />
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-4">
            <Audits agent={diagnostic.agent} />
            <Scorecard />
          </div>
          <Attestations day={day} />
        </div>
      </div>
    </div>
  )
}

function Head({ diagnostic }: { readonly diagnostic: DiagnosticWire }) {
  const { agent, name, at, chosen, hostedBy, questions, capabilities, size, tookMs, pickedBecause } = diagnostic
  const yes = questions.filter(({ verdict }) => verdict === 'yes').length
  const covered = capabilities.filter(({ verdict }) => verdict === 'covered').length
  const api = `/api/v1/diagnostic?agent=${encodeURIComponent(agent)}&at=${encodeURIComponent(at)}`
  return (
    <PageHead
      tab={`Diagnostic of ${name}`}
      title={
        <>
          <Untrusted text={name} />: {yes} of 5 questions answered, {covered} of 9 capabilities covered
        </>
      }
      actions={
        <>
          <PackButton about={{ agent, at }} label="Export everything" />
          <CopyAs
            command={`npm run -s holdfast -- diagnose --agent ${shellWord(agent)} --at ${at}`}
            value={diagnostic}
            api={api}
          />
        </>
      }
    >
      As of <Time at={at} />
      {chosen ? '' : ', its newest record'}. Looked up now in {formatDuration(tookMs)} over {formatCount(size)} log
      entries.{' '}
      {hostedBy !== undefined && (
        <span className="badge badge-info">
          hosted by {hostedBy.platform} (<Untrusted text={hostedBy.api} />)
        </span>
      )}
      {pickedBecause !== undefined && <span className="text-faint">Chosen because {pickedBecause}.</span>}
    </PageHead>
  )
}

/** Whom and when: both are in the address. */
function Chooser({ diagnostic: { agent, name, at, chosen } }: { readonly diagnostic: DiagnosticWire }) {
  const navigate = useNavigate()
  const { data } = useQuery(diagnosticQueries.agents())
  const others = (data?.items ?? []).filter(({ id }) => id !== agent)
  const choose = (next: { readonly agent?: string; readonly at?: string | undefined }): void =>
    void navigate({ to: paths.diagnostic, search: (before) => ({ ...before, agent, ...next }) })
  return (
    <div className="flex flex-wrap items-end gap-4">
      <label className="flex flex-col gap-1 text-soft">
        Agent
        <select
          className="field w-80 max-w-full"
          value={agent}
          onChange={(event) => choose({ agent: event.target.value, at: undefined })}
        >
          <option value={agent}>{inertLine(`${name} (${agent})`, 120)}</option>
          {others.map((other) => (
            <option key={other.id} value={other.id}>
              {inertLine(`${other.name} (${other.id})`, 120)}
            </option>
          ))}
        </select>
      </label>
      <TimeHandle
        label="Instant (UTC)"
        none="its newest record"
        value={chosen ? at.replace(/\.\d+Z$/, 'Z') : undefined}
        onChange={(next) => choose({ at: next })}
      />
    </div>
  )
}
