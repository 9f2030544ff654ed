import type { Answer } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'

/** Said before anybody asks for it: that no plan would come of the proposed rung now, why, and what can be done instead. */
export function WhyNoPlan({ reasons }: { readonly reasons: NonNullable<Answer<'planIncident'>['whyNoPlan']> }) {
  if (reasons.length === 0) return null
  return (
    <div role="note" className="note note-warn flex flex-col gap-2">
      <p className="font-medium">No plan would come of it now: there is nothing that it could hold or cut.</p>
      {reasons.map(({ why, what }) => (
        <details key={why} open={what.length === 1}>
          <summary className="cursor-pointer">
            <Untrusted text={why} />
          </summary>
          <ul className="list-disc pl-6">
            {what.map((one) => (
              <li key={one}>
                <Untrusted text={one} />
              </li>
            ))}
          </ul>
        </details>
      ))}
      <p className="text-soft">
        What stays to be done: see below whom else it reached, keep its evidence as a bundle, and work through the
        runbook.
      </p>
    </div>
  )
}
