import { plural } from '../ui/format.ts'
import type { Plan } from './plan.ts'

/** Applied is what somebody said; confirmed in effect is what a probe found. They are never the same word here. */
export function ProbeWait({ steps }: Pick<Plan, 'steps'>) {
  const of = (state: Plan['steps'][number]['state']): number => steps.filter((step) => step.state === state).length
  const [applied, confirmed, failed] = [of('applied') + of('requested'), of('confirmed'), of('failed')]
  if (applied + confirmed + failed === 0) return null
  return (
    <output className="flex flex-wrap gap-x-3">
      {applied > 0 && (
        <span className="text-warn">
          <span aria-hidden="true">◐</span> {plural(applied, 'step')} applied, waiting for the probe
        </span>
      )}
      {confirmed > 0 && (
        <span className="text-good">
          <span aria-hidden="true">✓</span> {plural(confirmed, 'step')} confirmed in effect
        </span>
      )}
      {failed > 0 && (
        <span className="text-bad">
          <span aria-hidden="true">✗</span> {plural(failed, 'step')} failed
        </span>
      )}
    </output>
  )
}
