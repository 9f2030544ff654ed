import type { CaseWire, IncidentWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { formatShare } from '../ui/format.ts'
import { NotReadAgain, Unread } from '../ui/States.tsx'
import { Matrix } from './Matrix.tsx'
import { TYPE_NAMES } from './words.ts'

/** How far an incident is worked: three types by six phases, and of one cell what must hold. Nothing is done from here. */
export function Runbook({ incident }: { readonly incident: IncidentWire }) {
  const { data, error, refetch } = useQuery(queries.caseOf(incident.id))
  const about = { what: 'the case', error, onRetry: () => void refetch() }
  if (data === undefined) return <Unread {...about} />
  return (
    <section id="runbook" aria-label="Runbook" className="panel flex scroll-mt-2 flex-col gap-3 p-3">
      <h2 className="flex flex-wrap items-baseline gap-x-4 font-semibold">
        Runbook <Standing found={data} />
      </h2>
      <NotReadAgain {...about} />
      <Matrix found={data} incident={incident} />
    </section>
  )
}

function Standing({ found: { opened, type, seals, end } }: { readonly found: CaseWire }) {
  const seal = seals.at(-1)
  return (
    <span className="font-normal text-soft">
      {opened === undefined ? (
        'nobody has opened its case'
      ) : (
        <>
          {type === undefined ? 'no type is accepted' : TYPE_NAMES[type]} · clocks since <Time at={opened} />
        </>
      )}
      {seal !== undefined && ` · sealed to entry ${seal.size}, ${formatShare(seal.completeness)} complete`}
      {end !== undefined && (
        <>
          {' '}
          · closed as {end.resolution} by <Untrusted text={personWords(end.by)} />: <Untrusted text={end.reason} />
        </>
      )}
    </span>
  )
}
