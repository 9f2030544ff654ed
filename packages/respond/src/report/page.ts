import type { IncidentReport } from './report.ts'

/** A report for reading: the same blocks become Markdown and HTML, so that no form says more than another. */
export type ReportPage = { readonly title: string; readonly sections: readonly PageSection[] }

export type PageSection = { readonly title: string; readonly blocks: readonly PageBlock[] }

export type PageBlock =
  | { readonly kind: 'words'; readonly words: string }
  /** Names and values. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | {
      readonly kind: 'table'
      /** What its rows are; said where there is none. */
      readonly of: string
      readonly columns: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }
  /** Bytes that are to be copied as they are: a signed note. */
  | { readonly kind: 'verbatim'; readonly text: string }

/** Everything that the report says, in the order in which it is read. Captured texts in it are untrusted. */
export function pageOf(report: IncidentReport): ReportPage {
  const { incident } = report
  return {
    title: `Incident ${incident.id}`,
    sections: [
      { title: 'What happened', blocks: headOf(report) },
      { title: 'First finding', blocks: alertOf(report) },
      { title: 'Confidence', blocks: confidenceOf(report) },
      { title: 'Steps of the chain', blocks: stepsOf(report) },
      { title: 'Tools used', blocks: toolsOf(report) },
      { title: 'Findings', blocks: findingsOf(report) },
      { title: 'Remediation', blocks: remediationOf(report) },
      { title: 'Evidence', blocks: evidenceOf(report) },
      { title: 'Timeline', blocks: timelineOf(report) },
      { title: 'Notes and pins', blocks: notesOf(report) },
      { title: 'Integrity', blocks: integrityOf(report) },
      { title: 'Duties to notify', blocks: dutiesOf(report) },
      { title: 'Words of others for it', blocks: frameworksOf(report) },
      { title: 'What this report does not say', blocks: report.limits.map(words) },
      { title: 'About this report', blocks: aboutOf(report) },
    ],
  }
}

function headOf({ incident }: IncidentReport): readonly PageBlock[] {
  const { end } = incident
  return [
    words(incident.headline),
    facts(
      ['Type', incident.type],
      ['Contributing', listed(incident.contributing)],
      ['Outcome', incident.outcome],
      ['Chain', incident.template ?? 'no template'],
      ['Urgency', incident.triage],
      ['Agents', listed(incident.agents)],
      ['Conversations', listed(incident.conversations)],
      ['From', incident.firstClaimed],
      ['Until', incident.lastClaimed],
      ['Phase', incident.phase],
      ['Rung', `${incident.rung.rung ?? 'none'}: ${incident.rung.reason}`],
      ['Closed', end === undefined ? 'not yet' : `${end.resolution} by ${end.by}: ${end.reason}`],
      ['Also known as', listed(incident.alsoKnownAs)],
    ),
  ]
}

function alertOf({ alert }: IncidentReport): readonly PageBlock[] {
  return [
    words(alert.words),
    facts(
      ['Why it counts', alert.why],
      ['First action', alert.firstAction],
      ['Recorded', alert.at ?? 'not known'],
      ['Log entries', entriesOf(alert.entries)],
    ),
  ]
}

function confidenceOf({ confidence }: IncidentReport): readonly PageBlock[] {
  return [
    facts(
      ['Confidence', String(confidence.value)],
      ['Standing', confidence.standing],
      ['Held down by', listed(confidence.caps)],
    ),
    table(
      'types',
      ['Type', 'Role', 'Confidence'],
      confidence.types.map(({ type, role, confidence: value }) => [type, role, String(value)]),
    ),
    table(
      'revisions',
      ['When', 'Log entry', 'Type', 'Confidence', 'By', 'Because'],
      confidence.history.map(({ at, position, type, confidence: value, by, because }) => [
        at ?? 'not known',
        String(position),
        type,
        String(value),
        by,
        because,
      ]),
    ),
  ]
}

function stepsOf({ steps }: IncidentReport): readonly PageBlock[] {
  return [
    table(
      'steps',
      ['Stage', 'Seen', 'Surface', 'What', 'Log entries'],
      steps.map(({ stage, state, surface, words: said, entries }) => [stage, state, surface, said, entriesOf(entries)]),
    ),
  ]
}

function toolsOf({ tools }: IncidentReport): readonly PageBlock[] {
  return [
    table(
      'tool calls',
      ['Agent', 'Tool', 'Server', 'Calls', 'Failed', 'First', 'Last', 'In a finding', 'Log entries'],
      tools.map(({ agent, name, server, calls, failed, first, last, isNamed, entries }) => [
        agent,
        name,
        server ?? '-',
        String(calls),
        String(failed),
        first,
        last,
        isNamed ? 'yes' : 'no',
        entriesOf(entries),
      ]),
    ),
  ]
}

function findingsOf({ findings, missing }: IncidentReport): readonly PageBlock[] {
  return [
    table(
      'findings',
      ['Type', 'Side', 'Finding', 'Quote', 'Told by', 'Known', 'Log entries'],
      findings.map(({ type, side, words: said, quote, tier, basis, entries }) => [
        type,
        side,
        said,
        quote ?? '-',
        tier,
        basis,
        entriesOf(entries),
      ]),
    ),
    table(
      'missing evidence',
      ['Type', 'Not seen', 'Why', 'What would have it'],
      missing.map(({ type, words: said, reason, remedy }) => [type, said, reason, remedy]),
    ),
  ]
}

/** The word of the JSON form, explained: only what was done under another type than the case has now has to be taken back or explained. */
const SETTLEMENT: Readonly<Record<string, string>> = {
  'not-asked': 'not-asked: its type did not change',
  unsettled: 'unsettled: to be reverted or justified',
}

function remediationOf({ remediation }: IncidentReport): readonly PageBlock[] {
  return [
    table(
      'actions',
      ['Action', 'Id', 'State', 'After a change of the type', 'Can be undone'],
      remediation.actions.map(({ id, words: said, state, settlement, isReversible }) => [
        said,
        id,
        state,
        SETTLEMENT[settlement] ?? settlement,
        isReversible ? 'yes' : 'no',
      ]),
    ),
    table(
      'phases',
      ['Phase', 'Status', 'Owner', 'Work'],
      remediation.phases.map(({ phase, status, owner, action }) => [phase, status, owner, action]),
    ),
    table(
      'tasks',
      ['Phase', 'Task', 'Team', 'What', 'Done by', 'When', 'Log entries'],
      remediation.tasks.map(({ phase, task, team, words: said, done }) => [
        phase,
        task,
        team,
        said,
        done?.by ?? 'open',
        done?.at ?? '-',
        entriesOf(done?.entries ?? []),
      ]),
    ),
  ]
}

function evidenceOf({ evidence }: IncidentReport): readonly PageBlock[] {
  return [
    facts(['Complete to', String(evidence.completeness)]),
    table(
      'artifacts',
      ['Artifact', 'Name', 'State', 'There', 'Expected', 'Complete', 'Missing', 'Why'],
      evidence.artifacts.map(({ id, name, state, count, expected, completeness, missing, reason }) => [
        id,
        name,
        state,
        String(count),
        String(expected),
        completeness === undefined ? '-' : String(completeness),
        String(missing),
        reason,
      ]),
    ),
  ]
}

function timelineOf({ timeline }: IncidentReport): readonly PageBlock[] {
  return [
    table(
      'moments',
      ['When', 'Kind', 'Who', 'What', 'Log entries'],
      timeline.map(({ at, kind, who, words: said, entries }) => [at, kind, who, said, entriesOf(entries)]),
    ),
  ]
}

function notesOf({ notes }: IncidentReport): readonly PageBlock[] {
  return [
    table(
      'notes',
      ['Saved', 'Last changed', 'Kind', 'By', 'Words', 'Beside', 'Id', 'Log entries'],
      notes.map(({ id, type, by, at, editedAt, words: said, event, entries }) => [
        at,
        editedAt,
        type,
        by,
        said,
        event ?? 'the incident',
        id,
        entriesOf(entries),
      ]),
    ),
  ]
}

function integrityOf({ integrity }: IncidentReport): readonly PageBlock[] {
  const { entries, seals } = integrity
  return [
    facts(
      ['Log', integrity.origin],
      ['Public key', integrity.key],
      ['Entries in the log', String(integrity.size)],
      ['Root', integrity.rootHash],
      ['Entries read for this', String(entries.count)],
      ['First of them', entries.first === undefined ? 'none' : String(entries.first)],
      ['Last of them', entries.last === undefined ? 'none' : String(entries.last)],
      ['Left out', String(entries.leftOut)],
    ),
    table(
      'seals',
      ['Sealed', 'Entries', 'Root', 'Complete to'],
      seals.map(({ at, size, rootHash, completeness }) => [at, String(size), rootHash, String(completeness)]),
    ),
    { kind: 'verbatim', text: integrity.checkpoint },
  ]
}

function dutiesOf({ duties }: IncidentReport): readonly PageBlock[] {
  return [
    words('Not legal advice. Regimes are off until somebody who answers for it turns them on.'),
    table(
      'duties',
      ['Regime', 'Stage', 'To', 'Counted from', 'Status', 'Started', 'Due'],
      duties.map(({ regime, stage, recipients, from, status, startedAt, dueAt }) => [
        regime,
        stage,
        listed(recipients),
        from,
        status,
        startedAt ?? '-',
        dueAt ?? '-',
      ]),
    ),
  ]
}

function frameworksOf({ frameworks }: IncidentReport): readonly PageBlock[] {
  return [
    table(
      'frameworks',
      ['Framework', 'Edition', 'Ids', 'Grade'],
      frameworks.map(({ framework, edition, ids, grade }) => [framework, edition, listed(ids), grade]),
    ),
  ]
}

function aboutOf({ form, generated }: IncidentReport): readonly PageBlock[] {
  return [facts(['Form', form], ['Made', generated.at], ['For', generated.by], ['By', generated.product])]
}

function words(text: string): PageBlock {
  return { kind: 'words', words: text }
}

function facts(...some: readonly (readonly [string, string])[]): PageBlock {
  return { kind: 'facts', facts: some }
}

function table(of: string, columns: readonly string[], rows: readonly (readonly string[])[]): PageBlock {
  return { kind: 'table', of, columns, rows }
}

function entriesOf(entries: readonly number[]): string {
  return listed(entries.map(String))
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ')
}
