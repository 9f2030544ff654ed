import type { StandingWire } from '@holdfast/api'
import type { Rung } from '@holdfast/model'
import { type HarmStanding, RUNG_NATURE, rungHeight } from '@holdfast/respond'

type Asked = {
  /** What the ladder asks for now. */
  readonly rung: Rung
  readonly harm: Pick<HarmStanding, 'state' | 'hold' | 'open'>
  /** What set it off can still be read by an agent. */
  readonly isReadable: boolean
}

/** What comes next for people: the rung that is asked for, and where one no softer holds already, what comes after it. */
export function nextAction({ rung, harm, isReadable }: Asked): StandingWire['next'] {
  const { state, hold, open = [] } = harm
  const isInForce =
    (state === 'stopped' || state === 'held') && hold !== undefined && rungHeight(hold.rung) >= rungHeight(rung)
  const look = ['see what it reached', ...(isReadable ? ['take what set it off out of reach'] : [])]
  if (isInForce) {
    const shut = open.length === 0 ? [] : [`shut what stays open: ${open.join('; ')}`]
    const words = [...look, ...shut, 'then release it or choose a softer rung'].join('; ')
    return { do: 'scope', words: `${nameOf(hold.rung)} is in force. Next: ${words}` }
  }
  if (state === 'ended')
    return { do: 'scope', words: `nothing of it runs to be held. Next: ${look.join('; ')}, before it is started again` }
  return { do: 'hold', words: `${nameOf(rung)}: stops ${RUNG_NATURE[rung].stops}` }
}

function nameOf(rung: Rung): string {
  return `${RUNG_NATURE[rung].code} ${rung}`
}
