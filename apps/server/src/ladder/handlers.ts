import { rungChoices } from '@holdfast/respond'
import type { Handlers } from '../http/handlers.ts'
import { Forecasts } from '../response/impossible.ts'
import type { Plans } from '../response/plans.ts'
import type { Situations } from '../response/situation.ts'
import { decisionWire } from './wire.ts'

/** What the ladder says. Nothing is recorded, because nothing is done. */
export function ladderHandlers({
  situations,
  plans,
}: {
  readonly situations: Pick<Situations, 'of' | 'dutiesOf'>
  readonly plans: Pick<Plans, 'whyNone'>
}): Pick<Handlers, 'planIncident'> {
  const forecasts = new Forecasts(
    (incident) => plans.whyNone(incident),
    () => performance.now(),
  )
  return {
    planIncident: async ({ params, query: { forecast, ...told } }) => {
      const { incident, decision, inputs, lines } = await situations.of(params.incident, told)
      const rungs = await Promise.all(
        rungChoices(decision, inputs).map(async (choice) => ({
          ...choice,
          duties: await situations.dutiesOf(incident, choice.rung),
        })),
      )
      const whyNoPlan = forecast === 'no' ? undefined : await forecasts.of(incident.id)
      return decisionWire(incident, decision, { lines, rungs, whyNoPlan })
    },
  }
}
