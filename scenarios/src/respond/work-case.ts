import { ApiError, type Body, type CaseWire } from '@holdfast/api'
import { setTimeout as wait } from 'node:timers/promises'
import type { Crew, Member } from './crew.ts'
import { LOOK_MS, SEEN_WITHIN_MS } from './limits.ts'

type Phase = CaseWire['phases'][number]

/** What is done in a phase before its tasks are called done: the work itself, not its record. */
export type Deeds = Readonly<Partial<Record<Phase['phase'], (incident: string, crew: Crew) => Promise<void>>>>

export type CaseOrder = {
  readonly crew: Crew
  readonly incident: string
  readonly type: NonNullable<CaseWire['type']>
  readonly deeds: Deeds
  /** What is done again while a phase does not close. */
  readonly again: Deeds
  readonly tell: (line: string) => void
}

export type WorkedCase = {
  /** Phases that were closed, in their order. */
  readonly closed: readonly Phase['phase'][]
  /** What the program would not let pass, in its words; empty where the case was worked to its end. */
  readonly refused: readonly string[]
  readonly resolution: string | undefined
}

/**
 * Works a case as people do: opens it, names its type, and takes it through its phases until one does not close. Only what
 * the runbook leaves to people is stated here; what the program checks has to come true.
 */
export async function workCase(order: CaseOrder): Promise<WorkedCase> {
  const { incident, type, crew, deeds, tell } = order
  const by = crew.onCall
  const begun = await caseOf(by, incident)
  // The policy may have had it opened and named already.
  if (begun.opened === undefined) await step(by, incident, { do: 'open' })
  if (begun.type !== type)
    await step(by, incident, { do: 'classify', type, reason: 'the evidence was read, and none speaks against it' })
  const closed: Phase['phase'][] = []
  for (const { phase } of (await caseOf(by, incident)).phases) {
    const refused = await workPhase(order, phase, deeds[phase])
    if (refused !== undefined) return { closed, refused: [`${phase}: ${refused}`], resolution: undefined }
    closed.push(phase)
    tell(`${phase} is closed`)
  }
  // What came to light after a phase was closed opened it again, as where an agent joined that nobody had looked at.
  for (const { phase, status } of (await caseOf(by, incident)).phases) {
    if (status !== 'reopened') continue
    const refused = await finishPhase(order, phase, deeds[phase])
    if (refused !== undefined) return { closed, refused: [`${phase}, again: ${refused}`], resolution: undefined }
  }
  const reason = 'all phases are closed, and each with its evidence'
  const { end } = await step(by, incident, { do: 'close', resolution: 'resolved', reason })
  return { closed, refused: [], resolution: end?.resolution }
}

/** Why the phase did not close; undefined where it did. */
async function workPhase(
  order: CaseOrder,
  phase: Phase['phase'],
  deed: Deeds[Phase['phase']],
): Promise<string | undefined> {
  const { crew, incident, tell } = order
  const fault = await refusalOf(async () => void (await step(crew.onCall, incident, { do: 'open-phase', phase })))
  if (fault !== undefined) return fault
  tell(`${phase}: begun`)
  return await finishPhase(order, phase, deed)
}

/** Does what an open phase asks for, and closes it. Why it did not close; undefined where it did. */
async function finishPhase(
  { crew, incident, again, tell }: CaseOrder,
  phase: Phase['phase'],
  deed: Deeds[Phase['phase']],
): Promise<string | undefined> {
  return await refusalOf(async () => {
    await deed?.(incident, crew)
    const { proof, tasks, evidence } = await openWork(crew.onCall, incident, phase)
    for (const { id, says } of evidence) await attach(crew.onCall, incident, { id, says, proof })
    for (const { id, team } of tasks)
      await step(memberOf(crew, team), incident, { do: 'finish-task', task: id, entries: proof })
    // What was attached lies under a seal before the phase closes.
    await step(crew.onCall, incident, { do: 'seal' })
    await close(crew.onCall, incident, { phase, tell, again: async () => await again[phase]?.(incident, crew) })
  })
}

/** Why the program does not let something pass, in its words; undefined where it does. */
async function refusalOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 409) return fault.message
    throw fault
  }
}

/** What was imported a moment ago is seen a moment later: the last word is the program's after that. */
async function close(
  by: Member,
  incident: string,
  { phase, tell, again }: Pick<Phase, 'phase'> & Pick<CaseOrder, 'tell'> & { readonly again: () => Promise<void> },
): Promise<void> {
  const until = Date.now() + SEEN_WITHIN_MS
  let told: string | undefined
  for (;;) {
    try {
      await step(by, incident, { do: 'close-phase', phase })
      return
    } catch (fault) {
      if (!(fault instanceof ApiError) || fault.status !== 409 || Date.now() > until) throw fault
      if (fault.message !== told) tell(`${phase}: waiting, since ${fault.message}`)
      told = fault.message
      await wait(LOOK_MS)
      await again()
    }
  }
}

type Open = Pick<Phase, 'tasks' | 'evidence'> & {
  /** Log entries that show the case as it stands. */
  readonly proof: number[]
}

async function openWork(by: Member, incident: string, phase: Phase['phase']): Promise<Open> {
  const { phases, types } = await caseOf(by, incident)
  const cell = phases.find((one) => one.phase === phase)
  if (cell === undefined) throw new Error(`the runbook has no phase ${phase}`)
  const shown = [...cell.leaves, ...cell.enters].flatMap(({ entries }) => entries)
  return {
    tasks: cell.tasks.filter(({ done }) => done === undefined),
    evidence: cell.evidence.filter(({ entries }) => entries.length === 0),
    proof: [...new Set([...shown, ...types.map(({ entry }) => entry)])].slice(0, 16),
  }
}

/** What was not to be expected is said to be so, with the reason; everything else has entries of the log. */
async function attach(
  by: Member,
  incident: string,
  { id, says, proof }: { readonly id: string; readonly says: string; readonly proof: number[] },
): Promise<void> {
  try {
    await step(by, incident, { do: 'attach', evidence: id, entries: proof })
  } catch (fault) {
    if (!(fault instanceof ApiError) || fault.status !== 409) throw fault
    throw new ApiError(409, `${id} (${says}): ${fault.message}`, { cause: fault })
  }
}

/** Tasks of AI engineering are theirs; the others are whoever's of the crew is on call. */
function memberOf(crew: Crew, team: string): Member {
  return team === 'ai-engineering' ? crew.aiEngineer : crew.onCall
}

/** One step of the case, as the server took it. Throws ApiError 409 where the runbook does not let it pass. */
export async function step(by: Member, incident: string, body: StepBody): Promise<CaseWire> {
  return await by.api.call('stepCase', { params: { incident }, body })
}

type StepBody = Body<'stepCase'>

/** The case as it stands. */
export async function caseOf(by: Member, incident: string): Promise<CaseWire> {
  return await by.api.call('getCase', { params: { incident } })
}
