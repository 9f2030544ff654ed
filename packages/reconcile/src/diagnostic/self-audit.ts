import {
  CAPABILITIES,
  DIAGNOSTIC_QUESTIONS,
  type AuditedVerdicts,
  type CapabilityVerdict,
  type QuestionVerdict,
} from '@holdfast/model'

/** One verdict that is another than in the audit before. */
export type VerdictChange = {
  readonly of: string
  readonly from: QuestionVerdict | CapabilityVerdict
  readonly to: QuestionVerdict | CapabilityVerdict
  readonly direction: 'better' | 'worse'
}

/** What became different from one audit to the next, questions first. */
export function auditDifference(before: AuditedVerdicts, after: AuditedVerdicts): readonly VerdictChange[] {
  return [
    ...DIAGNOSTIC_QUESTIONS.flatMap((id) => changeOf(id, before.questions[id], after.questions[id])),
    ...CAPABILITIES.flatMap((id) => changeOf(id, before.capabilities[id], after.capabilities[id])),
  ]
}

/** How much is shown: `constrained` is more than a part, because the rest cannot be had. */
const RANK: Readonly<Record<QuestionVerdict | CapabilityVerdict, number>> = {
  no: 0,
  missing: 0,
  partly: 1,
  partial: 1,
  constrained: 2,
  yes: 3,
  covered: 3,
}

function changeOf(
  of: string,
  from: QuestionVerdict | CapabilityVerdict,
  to: QuestionVerdict | CapabilityVerdict,
): readonly VerdictChange[] {
  if (from === to) return []
  return [{ of, from, to, direction: RANK[to] > RANK[from] ? 'better' : 'worse' }]
}

const DAY_MS = 86_400_000

/** When the next audit is due; undefined where there is no schedule. Times in milliseconds since 1970. */
export function nextAudit(
  { everyDays, since }: { readonly everyDays: number; readonly since: number },
  last: number | undefined,
): number | undefined {
  if (everyDays <= 0) return undefined
  // The first one is held as soon as there is a schedule.
  return last === undefined ? since : last + everyDays * DAY_MS
}
