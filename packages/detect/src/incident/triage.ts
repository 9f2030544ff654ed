import type { Incident } from '@holdfast/model'
import type { Classification } from './classify.ts'

const PAGE_FROM = 0.7

/** How urgent it is, what to do first, and what would change that. */
export function triageOf({ outcome, confidence, caps, type }: Classification): Incident['triage'] {
  if (outcome === 'attempt')
    return {
      tier: 'document',
      why: 'a first step was taken, and no deed with an effect followed',
      firstAction: 'read the sentence and close the channel that it came by',
      wouldChange: ['one deed with an effect that carries what the sentence asks for: investigate or page'],
    }
  const isSure = confidence >= PAGE_FROM && caps.length === 0
  return {
    tier: isSure ? 'page' : 'investigate',
    why: isSure
      ? `confidence ${confidence} is at least ${PAGE_FROM}, from which on somebody is paged, and not only the agent says so`
      : caps.length > 0
        ? caps.join('; ')
        : `confidence ${confidence} is below ${PAGE_FROM}, from which on somebody is paged`,
    firstAction: FIRST[type],
    wouldChange: [
      ...(isSure ? [] : ['a record of the deed by a kernel, a provider or a proxy: page']),
      'a recorded change or the word of the owner that covers the deed: document',
    ],
  }
}

const FIRST: Readonly<Record<Incident['type'], string>> = {
  'runtime-execution-escape':
    'find out whether the host or a neighbour was reached; `holdfast contain plan` names the rungs',
  'privilege-boundary-escape': 'find out what the identity may still reach: `holdfast scope AGENT`',
  'reasoning-compromise': 'open the text that brought the sentence, and see what else it reached: `holdfast graph`',
}
