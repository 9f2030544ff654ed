import { type Answer, approvalWords, holdByStanding, holdByWords, type StandingWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { useNow } from '../time/use-now.ts'
import { formatDuration } from '../ui/format.ts'
import { Fact } from '../ui/Page.tsx'

type Decided = Answer<'planIncident'>

/** What the ladder asks for, why, and what the rungs to both sides would stop and cost. */
type DecisionProps = { readonly decided: Decided; readonly standing: StandingWire | undefined }

export function Decision({ decided, standing }: DecisionProps) {
  const { row, rung, steps, cuts, overlays, assumptions, duties, softer, harder } = decided
  const [first] = steps
  const reasons = overlays.map(({ words }) => words)
  return (
    <div className="flex flex-col gap-3">
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
        <Fact label="Next action">
          {standing?.next.do === 'scope' ? (
            <Untrusted text={standing.next.words} />
          ) : (
            <>
              <strong>
                {first?.code ?? 'R0'} {rung}
              </strong>
              : stops {first?.stops ?? 'nothing'}
              {first?.isReversible === true ? '; it can be undone' : first === undefined ? '' : '; it cannot be undone'}
            </>
          )}
        </Fact>
        <Fact label={`Why (row ${row.number})`}>
          <Untrusted text={row.words} />
          {reasons.length > 0 && <span className="text-soft">; {reasons.join('; ')}</span>}
        </Fact>
        <Fact label="By when">
          {deadlineOf(decided)}
          <HoldBy standing={standing} />
        </Fact>
        <Fact label="Who says yes">{first === undefined ? 'nobody has to' : approvalWords(first.approval)}</Fact>
        <Fact label="Also cut">{cuts.length === 0 ? 'nothing' : cuts.map(({ words }) => words).join('; ')}</Fact>
        <Fact label="Waits for besides">
          {first?.gates
            .filter(({ isOpen }) => !isOpen)
            .map(({ words }) => words)
            .join('; ') || 'nothing'}
        </Fact>
        <Fact label="Next softer">{besideOf(softer)}</Fact>
        <Fact label="Next harder">{besideOf(harder)}</Fact>
        {duties.length > 0 && <Fact label="Itself to be reported">{duties.join(', ')}</Fact>}
        {assumptions.length > 0 && (
          <Fact label="Assumed">
            <span className="text-warn">{assumptions.join('; ')}</span>
          </Fact>
        )}
      </dl>
    </div>
  )
}

/** The instant that the deadline comes to, and how it stands to it. */
function HoldBy({ standing }: Pick<DecisionProps, 'standing'>) {
  const now = useNow()
  const holdBy = standing?.clocks.harm.holdBy
  const stands = standing === undefined ? undefined : holdByStanding(standing, now)
  if (holdBy === undefined || stands === undefined) return null
  return (
    <span className="block text-soft">
      that is <Time at={holdBy} />,{' '}
      <span className={stands.kind === 'missed' || stands.kind === 'late' ? 'text-bad' : ''}>
        {holdByWords(stands)}
      </span>
    </span>
  )
}

function besideOf(beside: Decided['softer']): string {
  return beside === undefined ? 'there is none' : `${beside.code} ${beside.rung}: ${beside.whyNot}`
}

function deadlineOf({ deadline, deadlineMs, clock }: Decided): string {
  if (deadline === 'none') return 'no deadline'
  if (deadline === 'same-day' || deadlineMs === undefined) return 'the same day'
  return `within ${formatDuration(deadlineMs)} of its graph (clock ${clock})`
}
