import type { CaseWire } from '@holdfast/api'
import type { Crew } from './crew.ts'
import { contain } from './contain.ts'
import { caseOf, step } from './work-case.ts'

type Misread = {
  readonly type: NonNullable<CaseWire['type']>
  readonly told: Readonly<Record<string, string>>
  readonly tell: (line: string) => void
}

/** Takes an incident for one of another type first: when the right one is named, holds stand. */
export async function misread(incident: string, crew: Crew, { type, told, tell }: Misread): Promise<void> {
  const by = crew.onCall
  if ((await caseOf(by, incident)).opened === undefined) await step(by, incident, { do: 'open' })
  await step(by, incident, { do: 'classify', type, reason: 'at first sight the role did what it never did' })
  await step(by, incident, { do: 'open-phase', phase: 'contain' })
  await contain(incident, crew, told)
  tell(`held as ${type}`)
}

/**
 * Each action that was taken for an earlier type is asked about by itself: what was cut of authority is taken back, for nobody
 * misused it; the others are what the right type asks for too.
 */
export async function settleEarlier(incident: string, { onCall }: Crew): Promise<void> {
  const { actions } = await caseOf(onCall, incident)
  const open = new Set(actions.filter(({ settlement }) => settlement === 'unsettled').map(({ id }) => id))
  if (open.size === 0) return
  const { items } = await onCall.api.call('listResponsePlans', { params: { incident } })
  for (const { hash, steps } of items)
    for (const { id, deed, effect } of steps) {
      const action = `${hash.slice(0, 16)}/${id}`
      if (!open.has(action)) continue
      const isTakenBack = deed.kind === 'cut' && AUTHORITY.has(deed.cut)
      const reason = isTakenBack
        ? 'the role did as a text told it, and is needed'
        : 'the text that told it asks for it too'
      if (isTakenBack && effect !== 'none')
        await onCall.api.call('releaseResponsePlan', { params: { plan: hash }, body: { reason, steps: [id] } })
      await step(onCall, incident, { do: 'settle', action, how: isTakenBack ? 'reverted' : 'justified', reason })
    }
}

/** Cuts that take authority away (docs/responding.md). */
const AUTHORITY: ReadonlySet<string> = new Set(['freeze-credential', 'suspend-grant', 'scope-role'])
