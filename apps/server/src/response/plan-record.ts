import type { Query } from '@holdfast/api'
import type { ControlRecordOf, UnixNano } from '@holdfast/model'
import type { MadePlan, ResponsePlan, Role, StepRecord } from '@holdfast/respond'
import { DETAIL_CHARACTERS } from './limits.ts'

type PlanRecord = ControlRecordOf<'response-plan'>
type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never

/** What one step would do, in the words of who would do it. */
export type StepPreview = { readonly step: string; readonly words: string; readonly state: string }

/** What was known when a plan was made. */
export type Basis = {
  /** The log as it was sealed before. */
  readonly seal: { readonly size: number; readonly rootHash: string }
  /** Least artifact of the incident, 0 to 1. */
  readonly completeness: number
  /** From the graph on, milliseconds; absent where the ladder gives none. */
  readonly deadlineMs?: number
  readonly graphAt: UnixNano
  readonly why: readonly string[]
  /** Answers of people that the rung was chosen by; what is looked at before it is applied is looked at with them. */
  readonly told: Query<'planIncident'>
  /** Names of the incident before something joined it: its case may go by one of them. */
  readonly names: readonly string[]
  /** Agents that it touches, as the roster may know them. */
  readonly agents: readonly { readonly id: string; readonly name: string }[]
}

/** What became of a plan, one thing a record. Refusals too: who tried what he may not is to be seen. */
export type PlanDeed =
  | ({ readonly do: 'made'; readonly previews: readonly StepPreview[]; readonly basis: Basis } & MadePlan)
  | { readonly do: 'approved'; readonly role: Role }
  | { readonly do: 'approval-refused'; readonly role: Role; readonly reasons: readonly string[] }
  /** One of two people who sign that a kill may lose what is not complete. */
  | { readonly do: 'signed'; readonly reason: string }
  /** Everything was looked at and nothing stood against it: what follows are its steps. */
  | { readonly do: 'applying'; readonly reason?: string }
  | { readonly do: 'apply-refused'; readonly reasons: readonly string[] }
  | { readonly do: 'step'; readonly step: WithoutTime<StepRecord> }
  | { readonly do: 'releasing'; readonly reason: string }

/** Fields that are times: JSON knows no integers of 64 bits. */
const TIMES: ReadonlySet<string> = new Set(['plannedAt', 'graphAt'])

/** As it is recorded. Our own part of a detail is short; a provider's answer is cut. */
export function planRecord(
  { hash, incident }: { readonly hash: string; readonly incident: string },
  deed: PlanDeed,
  by: string | undefined,
): PlanRecord {
  const json = JSON.stringify(deed, (key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString()
    const isDetail = key === 'detail' || key === 'unable' || key === 'words'
    return isDetail && typeof value === 'string' ? value.slice(0, DETAIL_CHARACTERS) : value
  })
  return {
    kind: 'response-plan',
    plan: hash,
    incident,
    ...(by === undefined ? {} : { by }),
    deed: JSON.parse(json) as PlanRecord['deed'], // an object, as every deed
  }
}

/** As it was recorded by {@link planRecord}: nobody else writes control records. */
export function planDeed({ deed }: PlanRecord): PlanDeed {
  return JSON.parse(JSON.stringify(deed), (key, value: unknown) =>
    TIMES.has(key) && typeof value === 'string' ? (BigInt(value) as UnixNano) : value,
  ) as PlanDeed
}

/** The plan of a record of its making. */
export type Made = Extract<PlanDeed, { readonly do: 'made' }> & { readonly plan: ResponsePlan }
