import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouterState } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { ExportButton } from '../evidence/ExportButton.tsx'
import { Notes } from '../notes/Notes.tsx'
import { paths } from '../paths.ts'
import { NextStepLink } from '../response/NextStepLink.tsx'
import { RespondPanel } from '../response/RespondPanel.tsx'
import { ResponseParts } from '../response/ResponseParts.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { FoldedActions } from '../ui/FoldedActions.tsx'
import { PageHead } from '../ui/Page.tsx'
import { ErrorState, NotReadAgain } from '../ui/States.tsx'
import { Answers } from './Answers.tsx'
import { Chain } from './Chain.tsx'
import { Clocks } from './Clocks.tsx'
import { Columns } from './Columns.tsx'
import { Duties } from './Duties.tsx'
import { Facts } from './Facts.tsx'
import { History } from './History.tsx'
import { MiniMatrix } from './MiniMatrix.tsx'
import { incidentQueries } from './queries.ts'
import { Runbook } from './Runbook.tsx'
import { SealedEvidence } from './SealedEvidence.tsx'
import { Timeline } from './Timeline.tsx'
import { useTriggerKey } from './use-trigger-key.ts'
import { Who } from './Who.tsx'
import { TYPE_NAMES } from './words.ts'

const route = getRouteApi(paths.incident)

/** One incident in the order in which a responder asks: harm, trigger, type, what acting would lose, the least that stops it, who has it. */
export function IncidentPage() {
  const { incident: id } = route.useParams()
  const { data: incident } = useSuspenseQuery(queries.incident(id))
  const { data: standing, error, refetch } = useQuery(incidentQueries.standing(incident.id))
  const { data: decided } = useQuery(queries.ladderOf(incident.id))
  useTriggerKey(incident)
  const about = { what: 'how it stands', error, onRetry: () => void refetch() }
  return (
    <>
      <PageHead
        tab={`${TYPE_NAMES[incident.type]} ${incident.id}`}
        title={
          <span className="line-clamp-3 text-base md:line-clamp-2 md:text-xl">
            <Untrusted text={incident.headline} />
          </span>
        }
        actions={
          <FoldedActions>
            <NextStepLink incident={incident.id} next={standing?.next} decided={decided} />
            <CopyAs
              command={`npm run -s holdfast -- incidents show ${incident.id}`}
              value={incident}
              api={`/api/v1/incidents/${encodeURIComponent(incident.id)}`}
            />
            <Link to={paths.auditRow} params={{ row: `row~${incident.id}` }} className="button">
              Audit row
            </Link>
            <ExportButton of={{ kind: 'incident', id: incident.id }} />
          </FoldedActions>
        }
      >
        <Who agents={incident.agents} />
      </PageHead>
      <div data-scrolls="page" className="min-h-0 flex-1 overflow-y-auto">
        <div className="grid items-start gap-x-5 gap-y-4 px-3 py-2 md:px-4 md:py-3 xl:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="flex min-w-0 flex-col gap-5">
            <FormerId now={incident.id} />
            {standing === undefined && error !== null ? <ErrorState {...about} /> : <NotReadAgain {...about} />}
            {/* At the top, with their room kept: what stands below is not moved under a finger. */}
            <div className="min-h-32 sm:min-h-20 xl:hidden">
              {standing !== undefined && <Clocks standing={standing} />}
            </div>
            <Answers incident={incident} standing={standing} decided={decided} />
            <SealedEvidence incident={incident.id} />
            <RespondPanel incident={incident.id} />
            <Columns incident={incident} />
            <Runbook incident={incident} />
            <Chain incident={incident} />
            <Timeline incident={incident} />
            <ResponseParts incident={incident.id} />
            <Facts incident={incident} />
            <History history={incident.history} />
          </div>
          <aside aria-label="At hand" className="flex min-w-0 flex-col gap-3 xl:sticky xl:top-3">
            <div className="hidden xl:block">{standing !== undefined && <Clocks standing={standing} />}</div>
            <MiniMatrix incident={incident} />
            <Notes incident={incident.id} />
            <Duties incident={incident.id} />
          </aside>
        </div>
      </div>
    </>
  )
}

/** Who came by an id of before is told why the address is another one now. */
function FormerId({ now }: { readonly now: string }) {
  const former = useRouterState({ select: ({ location: { state } }) => state.formerIncident })
  if (former === undefined) return null
  return (
    <output className="note">
      <Untrusted text={former} className="mono" /> is part of this incident now, whose id is{' '}
      <Untrusted text={now} className="mono" />: it was found that they are one. The old id still leads here.
    </output>
  )
}
