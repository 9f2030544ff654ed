import type { AgentPoliciesWire } from '@holdfast/api'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { stageWords } from './stage-words.ts'

type Steps = AgentPoliciesWire['steps']

/** The four stages in one line: how far an agent is. */
export function StageLine({ steps }: { readonly steps: Steps }) {
  return (
    <ol className="flex flex-wrap items-center gap-1 md:flex-nowrap" aria-label="Stages">
      {steps.map(({ stage, isReached, evidence }, i) => (
        <li key={stage} className="flex items-center gap-1">
          {i > 0 && (
            <span className="text-faint" aria-hidden="true">
              ›
            </span>
          )}
          <span className={`badge ${isReached ? 'badge-good' : ''}`} title={evidence}>
            {stage}
            <span className="sr-only">{isReached ? ': reached' : ': not reached'}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}

/** The same with what admitted the agent to each stage, or what it waits for. */
export function StageStepper({ steps }: { readonly steps: Steps }) {
  const words = stageWords(steps)
  return (
    <ol className="panel grid divide-y divide-line md:grid-cols-4 md:divide-x md:divide-y-0" aria-label="Stages">
      {steps.map(({ stage, isReached, entries }, i) => (
        <li key={stage} className="flex min-w-0 flex-col gap-1 px-3 py-2">
          <span className="flex items-center gap-2">
            <span className="eyebrow">{i + 1}</span>
            <span className={`badge ${isReached ? 'badge-good' : ''}`}>{stage}</span>
            <span className="sr-only">{isReached ? 'reached' : 'not reached'}</span>
          </span>
          <span className={isReached ? '' : 'text-faint'}>
            <Untrusted text={words[i] ?? ''} />
          </span>
          {entries.length > 0 && <Proof entries={entries} />}
        </li>
      ))}
    </ol>
  )
}
