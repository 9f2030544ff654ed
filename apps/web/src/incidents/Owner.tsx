import type { StandingWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { DeedState } from '../response/Deeds.tsx'
import { roleObstacle } from '../response/may.ts'
import { useDeed } from '../response/use-deed.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'

type OwnerProps = { readonly incident: string; readonly standing: StandingWire | undefined }

/** Who has it in hand, and the way to take it. */
export function Owner({ incident, standing }: OwnerProps) {
  const { data: session } = useQuery(queries.session())
  const deed = useDeed()
  const owner = standing?.owner
  const isMine = owner !== undefined && owner.by === session?.name
  const obstacle = roleObstacle(session, 'analyst')
  if (standing === undefined) return <span className="text-faint">reading …</span>
  const act = (what: 'take' | 'give-back') => () =>
    deed.run(what === 'take' ? 'it is yours' : 'nobody has it', () =>
      api.call('ownIncident', { params: { incident }, body: { do: what } }),
    )
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {owner === undefined ? (
        <span className="text-warn">nobody</span>
      ) : (
        <span>
          <Untrusted text={personWords(owner.by)} />
          {isMine && ' (you)'} since <Time at={owner.at} form="clock" />
        </span>
      )}
      <button
        type="button"
        className="button"
        disabled={obstacle !== undefined || deed.isBusy}
        title={obstacle}
        onClick={act(isMine ? 'give-back' : 'take')}
      >
        {isMine ? 'Give it back' : 'Take it'}
      </button>
      <DeedState deed={deed} />
    </span>
  )
}
