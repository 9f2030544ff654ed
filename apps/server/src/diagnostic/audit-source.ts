import type { AuditRow, AuditViolation } from '@holdfast/model'
import type { AuditFacts, DiagnosticTarget } from '@holdfast/reconcile'
import type { Audits } from '../audit/audits.ts'
import { ViewError, type ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import type { QuestionSource } from './question-source.ts'
import type { ViolationLedger } from './violation-ledger.ts'

export type AuditSourceParts = {
  readonly views: Pick<ViewsClient, 'ask'>
  readonly audits: Pick<Audits, 'list' | 'find' | 'row'>
  readonly violations: ViolationLedger
}

/** Q5 and C9: a row about a violation of the agent; without one, about an incident of it, else about what it did last. */
export function auditSource(parts: AuditSourceParts): QuestionSource<AuditFacts> {
  return async (target) => {
    const { agent, at, isChosen } = target
    await parts.violations.look()
    const violations = parts.violations.of(agent, isChosen ? at : undefined)
    const isWhole = parts.violations.isWhole(agent)
    const [violated] = violations
    const id = violated?.row ?? (await otherRow(parts, target))
    if (id === undefined) return { violations: violations.length, isWhole }
    const row = await rowOf(parts, id)
    return {
      violations: violations.length,
      isWhole,
      ...(row === undefined ? {} : { row: factsOf(row, violated?.event.id) }),
    }
  }
}

async function otherRow({ audits, views }: AuditSourceParts, { agent }: DiagnosticTarget): Promise<string | undefined> {
  const incidents = await audits.list({ kind: 'incident', agent, limit: 1 })
  const [incident] = incidents.items
  if (incident !== undefined) return incident.row
  const list = await askView(views, 'listConversations', { query: { agent, limit: 1 } })
  const [conversation] = list?.items ?? []
  if (conversation === undefined) return undefined
  const found = await audits.find(conversation.id)
  return found.items[0]?.row
}

async function rowOf({ audits }: AuditSourceParts, id: string): Promise<AuditRow | undefined> {
  try {
    return await audits.row(id)
  } catch (error) {
    // A row that cannot be put together is none: the verdict says so.
    if (error instanceof ViewError && error.status === 404) return undefined
    throw error
  }
}

function factsOf(row: AuditRow, violated: string | undefined): NonNullable<AuditFacts['row']> {
  const { trigger, layers, items, violations, coverage, about, proof } = row
  const broken = violations.find(({ event }) => event === violated) ?? violations[0]
  const brought = items.find(({ id }) => id === trigger?.item)
  return {
    id: row.id,
    about: about.words,
    layers: layers.map(({ layer, state, reason, entries, isExpected }) => ({
      layer,
      state,
      reason,
      entries,
      isExpected,
    })),
    ...(trigger === undefined
      ? {}
      : {
          trigger: {
            what: trigger.what,
            entries: [
              ...(trigger.input === undefined ? [] : [trigger.input.entry]),
              ...(brought?.events.map(({ entry }) => entry) ?? []),
            ],
          },
        }),
    ...(broken === undefined ? {} : { violated: lineOf(broken) }),
    coverage: coverage.share,
    proofs: proof.entries.length,
  }
}

function lineOf({ artifact, pointer, entry }: AuditViolation) {
  return { artifact, pointer, entry }
}
