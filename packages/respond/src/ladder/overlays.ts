import type { Rung } from '@holdfast/model'

import type { Gate, Overlay, ReceiverDuty } from './decision.ts'
import type { DownstreamEdge, LadderInputs } from './inputs.ts'
import type { RowStep } from './rows.ts'
import { harderThan, RUNG_NATURE, rungHeight } from './rungs.ts'

/** A step of the path. `climbed`: a failed probe put it there, not the row. */
export type PlannedStep = Pick<RowStep, 'rung' | 'after'> & { readonly climbed?: true }

type Laid = { readonly steps: readonly PlannedStep[]; readonly overlays: readonly Overlay[] }

const PAUSE = rungHeight('pause')

/** Overlays that change which rungs are taken, in the order b, d, c; each later one sees what the earlier one left. */
export function overlaid(row: readonly PlannedStep[], inputs: LadderInputs): Laid {
  const softened = softestThatStops(row, inputs)
  const climbed = climb(softened.steps, inputs.failedProbe)
  const held = holdForTakeover(climbed.steps, inputs)
  const edges = inputs.outcome === 'attempt' ? [] : edgeOverlay(inputs.downstream)
  return {
    steps: held.steps,
    overlays: [...edges, ...softened.overlays, ...climbed.overlays, ...held.overlays],
  }
}

/**
 * The softest rung that still stops this harm in time. Code outside its sandbox is stopped by freezing it, since cutting
 * its network leaves it the host; everything else needs reach, and where all of it went one way, that way alone.
 */
export function softestSufficient(inputs: LadderInputs): Rung {
  return softestSufficientAt(inputs, inputs.reach)
}

/** The same for another reach than the one that is known. */
export function softestSufficientAt({ type, narrow }: LadderInputs, reach: LadderInputs['reach']): Rung {
  if (type === 'runtime-execution-escape') return reach === 'inside' ? 'soft-quarantine' : 'pause'
  return narrow === undefined ? 'soft-quarantine' : 'restrict'
}

/** Overlay b: where stopping is itself reportable, no rung is harder than it must be. */
function softestThatStops(steps: readonly PlannedStep[], inputs: LadderInputs): Laid {
  if (inputs.duties.length === 0) return { steps, overlays: [] }
  const enough = softestSufficient(inputs)
  const softened = withoutRepeats(
    steps.map((step) => (rungHeight(step.rung) > rungHeight(enough) ? { rung: enough } : step)),
  )
  const names = inputs.duties.join(', ')
  const words = softened.some(({ rung }, at) => rung !== steps[at]?.rung || softened.length !== steps.length)
    ? `stopping it is reportable (${names}): ${RUNG_NATURE[enough].code} is the softest rung that still stops the harm`
    : `stopping it is reportable (${names}): compliance approves, nothing above R2 is automatic`
  return { steps: softened, overlays: [{ id: 'b', words }] }
}

/** Overlay d: what a probe got through is not held. */
function climb(steps: readonly PlannedStep[], failed: Rung | undefined): Laid {
  const next = failed === undefined ? undefined : harderThan(failed)
  const first = steps[0]
  if (failed === undefined || next === undefined || first === undefined) return { steps, overlays: [] }
  if (rungHeight(first.rung) >= rungHeight(next)) return { steps, overlays: [] }
  const beyond = steps.filter(({ rung }) => rungHeight(rung) > rungHeight(next))
  const words = `the probe of ${RUNG_NATURE[failed].code} got through: one rung harder, ${RUNG_NATURE[next].code}`
  return { steps: [{ rung: next, climbed: true }, ...beyond], overlays: [{ id: 'd', words }] }
}

/** Overlay c: freezing or ending what lives depend on waits for people who do its work; until then it loses its reach. */
function holdForTakeover(steps: readonly PlannedStep[], { lifeSafety }: LadderInputs): Laid {
  const isHard = steps.some(({ rung }) => rungHeight(rung) >= PAUSE)
  if (lifeSafety.kind === 'no' || !isHard) return { steps, overlays: [] }
  if (lifeSafety.takeover === 'working') {
    return { steps, overlays: [{ id: 'c', words: 'lives depend on it: the service owner approves R3 and above' }] }
  }
  const first = steps[0]?.rung ?? 'watch'
  const held: readonly PlannedStep[] = rungHeight(first) >= PAUSE ? [{ rung: 'soft-quarantine' }, ...steps] : steps
  const state = lifeSafety.takeover === 'failed' ? 'failed' : 'was not tried'
  return {
    steps: held,
    overlays: [{ id: 'c', words: `lives depend on it and the takeover ${state}: R2 until it works` }],
  }
}

/** What a step waits for (overlays c and f, and what its row asks for first). */
export function gatesOf({ rung, after }: PlannedStep, { evidence, lifeSafety }: LadderInputs): readonly Gate[] {
  const isEnding = rung === 'stop' || rung === 'kill'
  const percent = Math.floor(evidence.completeness * 100)
  const gates: readonly (Gate | false)[] = [
    after === 'clean-replica' && {
      gate: 'clean-replica',
      isOpen: false,
      waits: 'until-deadline',
      words: 'a clean replica serves first',
    },
    after === 'drain' && { gate: 'drained', isOpen: false, waits: 'always', words: 'its work is drained first' },
    rungHeight(rung) >= PAUSE &&
      lifeSafety.kind === 'yes' && {
        gate: 'takeover',
        isOpen: lifeSafety.takeover === 'working',
        waits: 'always',
        words: 'people have taken over its work',
      },
    isEnding && { gate: 'seal', isOpen: evidence.isSealed, waits: 'always', words: 'the evidence is sealed' },
    rung === 'kill' && {
      gate: 'complete-chain',
      isOpen: evidence.completeness >= 1,
      waits: 'always',
      words: `the chain is complete (it is to ${percent} %), or two people sign that it need not be`,
    },
  ]
  return gates.filter((gate) => gate !== false)
}

/** Overlay a: what a tainted edge carried is looked for at its end, and no receiver is judged by who sent to it. */
export function receiverDuties(edges: readonly DownstreamEdge[]): readonly ReceiverDuty[] {
  const worst = new Map<string, boolean>()
  for (const { receiver, isTainted } of edges) {
    if (isTainted === false && !worst.has(receiver)) continue
    worst.set(receiver, isTainted === true || worst.get(receiver) === true)
  }
  return [...worst]
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([receiver, isTainted]) => ({
      receiver,
      do: isTainted ? 'cut-and-sweep' : 'sweep',
      words: isTainted
        ? 'the edge is cut; the receiver is swept and scored by itself'
        : 'what crossed was not captured: the receiver is swept',
    }))
}

function edgeOverlay(edges: readonly DownstreamEdge[]): readonly Overlay[] {
  const duties = receiverDuties(edges)
  if (duties.length === 0) return []
  const cut = duties.filter((duty) => duty.do === 'cut-and-sweep').length
  return [{ id: 'a', words: `${duties.length} receivers are swept, ${cut} tainted edges are cut` }]
}

function withoutRepeats(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  return steps.filter(({ rung }, at) => rung !== steps[at - 1]?.rung)
}
