import type { DriftChange, DriftSubject, VolumeMeasure } from '@holdfast/model'
import type { ElementKind } from './execution.ts'

/** What the table is asked: the three signals, what changed, and what exactly is broken. */
export type Signals = {
  readonly deployment: boolean
  readonly continuity: boolean
  readonly bounds: boolean
  readonly subject: DriftSubject
  /** Elements whose combination is unknown; empty where continuity holds. */
  readonly broken: ReadonlySet<ElementKind>
  /** Measures out of bounds; empty where bounds hold. */
  readonly over: ReadonlySet<VolumeMeasure>
}

export type TableRow = Pick<DriftChange, 'verdict' | 'side' | 'severity'> & {
  /** `hold` for a late event, `review` by a person; both for a week. */
  readonly wait: 'none' | 'hold' | 'review'
}

/** The eight rows of the requirement book, 6.3, with what is added to them there. */
export function tableRow(signals: Signals): TableRow {
  const { deployment, continuity, bounds, over, subject } = signals
  const row = `${bit(deployment)}${bit(continuity)}${bit(bounds)}` as const
  switch (row) {
    case '111':
      return { verdict: 'expected-evolution', side: 'evolution', severity: 'none', wait: 'none' }
    case '110':
      // A broken bound of records or of what leaves is as 1 0 0.
      return over.has('rows') || over.has('bytes-out')
        ? despiteEvent(signals)
        : { verdict: 'probable-evolution', side: 'evolution', severity: 'low', wait: 'review' }
    case '101':
      return isLimitedToParts(signals)
        ? { verdict: 'correlated-broken', side: 'evolution', severity: 'low', wait: 'none' }
        : { verdict: 'correlated-broken', side: 'risky', severity: 'medium', wait: 'none' }
    case '100':
      return despiteEvent(signals)
    case '011':
      return { verdict: 'unexplained', side: 'risky', severity: subject === 'model' ? 'medium' : 'low', wait: 'hold' }
    case '010':
      return { verdict: 'suspicious', side: 'risky', severity: 'medium', wait: 'none' }
    case '001':
      return {
        verdict: 'suspicious',
        side: 'risky',
        severity: subject === 'identity' ? 'high' : 'medium',
        wait: 'none',
      }
    case '000':
      return { verdict: 'drift', side: 'risky', severity: 'high', wait: 'none' }
  }
}

function despiteEvent(signals: Signals): TableRow {
  const severity = touchesReach(signals) ? 'high' : 'medium'
  return { verdict: 'suspicious-despite-event', side: 'risky', severity, wait: 'none' }
}

/** Identity, data or egress is what changed, or stands in a combination that is unknown. */
function touchesReach({ subject, broken }: Signals): boolean {
  return REACH.has(subject) || broken.has('identity') || broken.has('data') || broken.has('egress')
}

const REACH: ReadonlySet<DriftSubject> = new Set(['identity', 'data', 'egress'])

/** Only tools and models are another than before: what changed, and all that is unknown in its combination. */
function isLimitedToParts({ subject, broken }: Signals): boolean {
  const isPart = subject === 'tool' || subject === 'model' || subject === 'sequence'
  return isPart && [...broken].every((kind) => kind === 'tool' || kind === 'order')
}

function bit(holds: boolean): '0' | '1' {
  return holds ? '1' : '0'
}
