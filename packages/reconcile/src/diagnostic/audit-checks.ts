import { counted, type AuditLayer } from '@holdfast/model'
import { constrained, evidence, met, unmet, type Check } from './checks.ts'
import type { AuditFacts, DiagnosticFacts } from './facts.ts'

type Row = NonNullable<AuditFacts['row']>

const LAYERS: Readonly<Record<AuditLayer, string>> = {
  kernel: 'kernel events',
  egress: 'egress',
  prompt: 'prompt content',
  tools: 'tool sequence',
}

/** Q5: one row about an enforcement violation, from the triggering input down to the kernel (REC-7). */
export function auditQuestion(facts: DiagnosticFacts): readonly Check[] {
  const { audit, target } = facts
  const what = 'a violation of an artifact'
  if (audit === undefined || audit.violations === 0)
    // A row about something else answers another question.
    return [
      unmet(
        what,
        `no violation of an artifact is on record for ${target.name}${audit?.isWhole === false ? ' among the acts that were read; others are still being judged, or are in cold storage' : ''}`,
      ),
    ]
  const violated = audit.row?.violated
  const violation =
    violated === undefined
      ? unmet(what, `${audit.violations} are on record, and the row names no line of an artifact`)
      : met(what, `line ${violated.pointer} of ${violated.artifact.slice(0, 12)}`, [
          evidence('the violation', [violated.entry], rowPath(audit.row)),
        ])
  return [violation, ...rowChecks(facts)]
}

/** C9: the layers of one row, whatever it is about. */
export function auditCapability(facts: DiagnosticFacts): readonly Check[] {
  const checks = rowChecks(facts)
  return checks.length > 0
    ? checks
    : [unmet('an audit row', `no act of ${facts.target.name} was recorded that a row could be about`)]
}

function rowChecks({ audit, target }: DiagnosticFacts): readonly Check[] {
  const row = audit?.row
  if (row === undefined) return []
  const { trigger } = row
  const triggerCheck =
    trigger === undefined
      ? unmet('the triggering input', 'nothing recorded leads to what set it off')
      : met('the triggering input', trigger.what, [evidence('the input', trigger.entries, rowPath(row))])
  return [
    triggerCheck,
    ...row.layers.map((layer) => layerCheck(layer, row)),
    row.proofs > 0
      ? met('inclusion proofs', `${counted(row.proofs, 'entry is', 'entries are')} proven to be in the log`, [
          evidence('the entries', entriesOf(row), rowPath(row)),
        ])
      : unmet('inclusion proofs', `the row about ${row.about} of ${target.name} has none`),
  ]
}

function layerCheck({ layer, state, reason, entries, isExpected }: Row['layers'][number], row: Row): Check {
  const what = LAYERS[layer]
  // It was watched, and there was nothing: no entry can show that, and nothing is missing.
  if (!isExpected && state === 'absent') return { what, outcome: 'met', reason, evidence: [] }
  const shown = [evidence(what, entries, rowPath(row))]
  switch (state) {
    case 'complete':
      return met(what, reason, shown)
    case 'constrained':
      return constrained(what, reason, shown)
    case 'partial':
    case 'absent':
      return unmet(what, `${state}: ${reason}`, shown)
  }
}

function entriesOf({ layers }: Row): readonly number[] {
  return layers.flatMap(({ entries }) => entries)
}

function rowPath(row: Row | undefined): { readonly path?: string } {
  return row === undefined ? {} : { path: `/audit/${encodeURIComponent(row.id)}` }
}
