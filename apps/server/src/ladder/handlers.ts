import type { Handlers } from '../http/handlers.ts'
import type { Situations } from '../response/situation.ts'
import { decisionWire } from './wire.ts'

/** What the ladder says. Nothing is recorded, because nothing is done. */
export function ladderHandlers({
  situations,
}: {
  readonly situations: Pick<Situations, 'of'>
}): Pick<Handlers, 'planIncident'> {
  return {
    planIncident: async ({ params, query }) => {
      const { incident, decision, lines } = await situations.of(params.incident, query)
      return decisionWire(incident, decision, lines)
    },
  }
}
