import type { CaseDeed, CaseEvent } from '@holdfast/respond'
import type { ControlRecordOf, UnixNano } from '@holdfast/model'

type StepRecord = ControlRecordOf<'case-step'>

/** Fields of deeds that are times: JSON knows no integers of 64 bits. */
const TIMES: ReadonlySet<string> = new Set(['graphAt', 'since', 'until', 'observedFrom', 'observedUntil'])

/** A step as it is recorded. `by` is a person's name; undefined where the program takes it. */
export function recordOf(incident: string, deed: CaseDeed, by: string | undefined): StepRecord {
  const json = JSON.stringify(deed, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return {
    kind: 'case-step',
    incident,
    ...(by === undefined ? {} : { by }),
    deed: JSON.parse(json) as StepRecord['deed'],
  } // an object, as every deed
}

/** A step as it was recorded. Its deed is what this server wrote: nobody else writes control records. */
export function eventOf(
  { by, deed }: StepRecord,
  at: { readonly index: number; readonly recordedAt: UnixNano },
): CaseEvent {
  const read = JSON.parse(JSON.stringify(deed), (key, value: unknown) =>
    TIMES.has(key) && typeof value === 'string' ? BigInt(value) : value,
  ) as CaseDeed // what recordOf wrote
  return {
    ...read,
    by: by === undefined ? { kind: 'program' } : { kind: 'person', name: by },
    at: at.recordedAt,
    position: at.index,
  }
}
