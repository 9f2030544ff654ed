import { rungChoices } from '@holdfast/respond'
import type { Handlers } from '../http/handlers.ts'
import type { Situations } from '../response/situation.ts'
import { decisionWire } from './wire.ts'

/** What the ladder says. Nothing is recorded, because nothing is done. */
export function ladderHandlers({
  situations,
}: {
  readonly situations: Pick<Situations, 'of' | 'dutiesOf'>
}): Pick<Handlers, 'planIncident'> {
  return {
    planIncident: async ({ params, query }) => {
      const { incident, decision, inputs, lines } = await situations.of(params.incident, query)
      const rungs = await Promise.all(
        rungChoices(decision, inputs).map(async (choice) => ({
          ...choice,
          duties: await situations.dutiesOf(incident, choice.rung),
        })),
      )
      return decisionWire(incident, decision, { lines, rungs })
    },
  }
}
