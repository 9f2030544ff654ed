import { normalise } from '@holdfast/capture'
import { formatRfc3339, parseUnixNanoText, type Event } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { Audits } from '../audit/audits.ts'
import type { PoliciesInForce, Violation } from '../policy/violations.ts'
import type { ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import { VIOLATION_PAGES, VIOLATIONS_LOOKED_AT } from './limits.ts'

/** An act that a policy of its time denied, with the row of the audit that is about it. */
export type KnownViolation = { readonly event: Event; readonly violation: Violation; readonly row: string }

export type ViolationSources = {
  readonly reader: Pick<LogReader, 'entry'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly audits: Pick<Audits, 'list'>
  readonly policies: Pick<PoliciesInForce, 'violationOf' | 'agents'>
}

/** The newest violations that had happened by an instant; of one agent, or of all. Enforced ones first. */
export async function knownViolations(
  { reader, views, audits, policies }: ViolationSources,
  { agent, until }: { readonly agent: string | undefined; readonly until: string | undefined },
): Promise<readonly KnownViolation[]> {
  // Of an agent that never had a policy there is nothing to read.
  if (agent === undefined ? policies.agents().size === 0 : !policies.agents().has(agent)) return []
  const found: KnownViolation[] = []
  let cursor: string | undefined
  for (let page = 0; page < VIOLATION_PAGES && found.length < VIOLATIONS_LOOKED_AT; page += 1) {
    const list = await audits.list({
      kind: 'violation',
      limit: VIOLATIONS_LOOKED_AT,
      ...(agent === undefined ? {} : { agent }),
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { id, at, row } of list.items) {
      if (until !== undefined && timeOf(at) > until) continue
      const event = await eventOf(id)
      const violation = event === undefined ? undefined : policies.violationOf(event)
      if (event !== undefined && violation !== undefined) found.push({ event, violation, row })
    }
    cursor = list.nextCursor
    if (cursor === undefined) break
  }
  return found.toSorted((a, b) => rank(a) - rank(b))

  async function eventOf(id: string): Promise<Event | undefined> {
    const known = await askView(views, 'getEvent', { event: id })
    const entry = known === undefined ? undefined : reader.entry(known.entry)
    return entry === undefined ? undefined : normalise(entry).events.find((event) => event.id === id)
  }
}

function rank({ violation }: KnownViolation): number {
  return violation.mode === 'enforce' ? 0 : 1
}

function timeOf(nanos: string): string {
  const time = parseUnixNanoText(nanos)
  return time === undefined ? '' : formatRfc3339(time)
}
