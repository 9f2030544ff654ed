import type { IncidentWire } from '@holdfast/api'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { confidenceWords, TRIAGE_BADGES, TYPE_NAMES } from './words.ts'

/** What was known at which position of the log. */
export function History({ history }: { readonly history: IncidentWire['history'] }) {
  return (
    <section aria-label="History" className="flex flex-col gap-2">
      <h2 className="font-semibold">What was known when</h2>
      <ol className="flex flex-col gap-1">
        {history.map((step) => (
          <li key={step.position} className="flex flex-wrap items-baseline gap-x-2">
            <Proof entries={[step.position]} />
            <span>
              {step.outcome === 'attempt' ? 'attempt: ' : ''}
              {TYPE_NAMES[step.type]}, {confidenceWords(step.confidence)}
            </span>
            <span className={`badge ${TRIAGE_BADGES[step.tier]}`}>{step.tier}</span>
            <Untrusted text={step.because} className="min-w-0 flex-1 basis-96 text-soft" />
          </li>
        ))}
      </ol>
    </section>
  )
}
