import { incidentNames } from '@holdfast/model'
import type { Rung, UnixNano } from '@holdfast/model'
import { RUNGS } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { StepState } from '@holdfast/respond'
import { PLANS_KEPT } from './limits.ts'
import { planDeed, planRecord, type PlanDeed } from './plan-record.ts'
import { isStanding, type KeptPlan, standingSteps, withEvent } from './plan-state.ts'

export type PlanBookSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly clock: () => UnixNano
}

/** Whose plans: an incident goes by its id and by those of before something joined it. */
export type Named = { readonly id: string; readonly alsoKnownAs: readonly string[] }

/** All response plans, put together from their records in the log; a new one is in the log before it is here (FC3). */
export class PlanBook {
  readonly #sources: PlanBookSources
  readonly #kept = new Map<string, KeptPlan>()

  constructor(sources: PlanBookSources) {
    this.#sources = sources
    for (const { record, recordedAt, index } of sources.reader.controls('response-plan')) {
      this.#keep(record.plan, { deed: planDeed(record), by: record.by, at: recordedAt, entry: index })
    }
  }

  find(hash: string): KeptPlan | undefined {
    return this.#kept.get(hash)
  }

  /** The newest first; of one incident, or all. */
  list(incident?: Named): readonly KeptPlan[] {
    const all = [...this.#kept.values()].toReversed()
    if (incident === undefined) return all
    const names = new Set(incidentNames(incident))
    return all.filter(({ made }) => names.has(made.plan.incident))
  }

  /** Those of which something is in effect, or may be. */
  standing(incident?: Named): readonly KeptPlan[] {
    return this.list(incident).filter(isStanding)
  }

  /** Steps of one plan that are in effect, or may be. */
  standingIn(hash: string): readonly string[] {
    const kept = this.#kept.get(hash)
    return kept === undefined ? [] : standingSteps(kept).map(({ id }) => id)
  }

  /** The rung of a standing plan that a probe got through, unless a harder one was confirmed since. */
  failedProbe(incident: Named): Rung | undefined {
    const rungs = this.#rungsOf(incident)
    const leaking = hardest(rungs.filter(({ effect }) => effect === 'leaks'))
    const held = hardest(rungs.filter(({ state }) => state === 'confirmed'))
    return leaking === undefined || (held !== undefined && RUNGS.indexOf(held) > RUNGS.indexOf(leaking))
      ? undefined
      : leaking
  }

  /** The hardest rung on which the incident's agents stand by a plan, as far as a probe confirmed it or may yet. */
  rungOf(incident: Named): { readonly rung: Rung; readonly isConfirmed: boolean } | undefined {
    const rungs = this.#rungsOf(incident)
    const rung = hardest(rungs)
    if (rung === undefined) return undefined
    return { rung, isConfirmed: rungs.filter((one) => one.rung === rung).every(({ state }) => state === 'confirmed') }
  }

  async write(
    of: { readonly hash: string; readonly incident: string },
    deed: PlanDeed,
    by: string | undefined,
  ): Promise<KeptPlan> {
    const { recorder, reader, clock } = this.#sources
    const { from } = await recorder.appendControl(planRecord(of, deed, by))
    // As the log has it, so that reading it again gives the same.
    const at = reader.entry(from)?.recordedAt ?? clock()
    const kept = this.#keep(of.hash, { deed, by, at, entry: from })
    if (kept === undefined) throw new Error(`plan ${of.hash} was recorded and is not known`)
    return kept
  }

  #rungsOf(incident: Named): readonly (StepState & { readonly rung: Rung })[] {
    return this.standing(incident).flatMap(({ made, outcome }) =>
      made.plan.steps.flatMap(({ deed }, at) => {
        const state = outcome.steps[at]
        return deed.kind === 'rung' && state !== undefined && state.effect !== 'none'
          ? [{ ...state, rung: deed.rung }]
          : []
      }),
    )
  }

  #keep(hash: string, event: Parameters<typeof withEvent>[2]): KeptPlan | undefined {
    const kept = withEvent(this.#kept.get(hash), hash, event)
    if (kept === undefined) return undefined
    this.#kept.set(hash, kept)
    if (this.#kept.size > PLANS_KEPT) {
      // What stands is never forgotten; what only lies there is in the log.
      const oldest = [...this.#kept.values()].find((one) => !isStanding(one))
      if (oldest !== undefined) this.#kept.delete(oldest.hash)
    }
    return kept
  }
}

function hardest(rungs: readonly { readonly rung: Rung }[]): Rung | undefined {
  return rungs.map(({ rung }) => rung).toSorted((a, b) => RUNGS.indexOf(b) - RUNGS.indexOf(a))[0]
}
