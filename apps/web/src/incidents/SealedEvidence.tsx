import type { CaseWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { EvidenceChecklist } from '../evidence/EvidenceChecklist.tsx'
import { DeedState } from '../response/Deeds.tsx'
import { roleObstacle } from '../response/may.ts'
import { useDeed } from '../response/use-deed.ts'
import { useKey } from '../shell/use-key.ts'

/** The evidence of an incident, each artifact with how it stands to the last seal of the case, and the way to seal it. */
export function SealedEvidence({ incident }: { readonly incident: string }) {
  const { data } = useQuery(queries.caseOf(incident))
  const seal = data?.seals.at(-1)
  return (
    <EvidenceChecklist
      of={{ kind: 'incident', id: incident }}
      seal={seal}
      act={data !== undefined && <SealButton incident={incident} found={data} />}
    />
  )
}

type SealButtonProps = { readonly incident: string; readonly found: CaseWire }

/** Fixes what is recorded until now under a signed checkpoint; capture goes on. The first seal opens the case. */
function SealButton({ incident, found: { opened, seals, end } }: SealButtonProps) {
  const { data: session } = useQuery(queries.session())
  const deed = useDeed()
  const obstacle = roleObstacle(session, 'analyst') ?? (end === undefined ? undefined : 'its case is closed')
  const seal = (): void =>
    deed.run('the evidence is sealed', () =>
      api.call('stepCase', { params: { incident }, body: { do: opened === undefined ? 'open' : 'seal' } }),
    )
  useKey('seal', seal, obstacle === undefined && !deed.isBusy)
  return (
    <span className="ml-auto flex flex-wrap items-center gap-2">
      <DeedState deed={deed} />
      <button
        type="button"
        className="button"
        disabled={obstacle !== undefined || deed.isBusy}
        title={obstacle ?? `holdfast evidence seal ${incident}`}
        onClick={seal}
      >
        {seals.length === 0 ? 'Seal the evidence' : 'Seal again'}
      </button>
    </span>
  )
}
