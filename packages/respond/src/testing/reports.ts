import { parseRfc3339, type UnixNano } from '@holdfast/model'

import { buildReport, type ReportInput } from '../report/build-report.ts'
import type { IncidentReport } from '../report/report.ts'
import { shippedMatrix } from './case-driver.ts'

/** What an attacker may have written wherever a report quotes what was captured. */
export const HOSTILE =
  '<script>alert(1)</script><img src=x onerror=alert(2)> [click](javascript:alert(3)) `x` | a | \u202Egnp.exe \u001b[31m http://evil.example.test www.evil.example.test a@evil.example.test ![i](//e.test/p.png)'

export function at(text: string): UnixNano {
  return parseRfc3339(text)!
}

/** An incident with something in every part of its report, all captured texts hostile. */
export function reportInput(change: Partial<ReportInput> = {}): ReportInput {
  const line = { words: `a finding of "${HOSTILE}"`, tier: 'boundary', basis: 'proven', entries: [7] } as const
  return {
    incident: {
      id: 'inc-00112233445566aa',
      alsoKnownAs: ['inc-ffeeddccbbaa9988'],
      headline: `did what "${HOSTILE}" said`,
      outcome: 'incident',
      type: 'reasoning-compromise',
      contributing: ['privilege-boundary-escape'],
      triage: 'page',
      agents: ['host:h/desk', HOSTILE],
      conversations: ['c-1', HOSTILE],
      firstClaimed: '2026-11-21T01:00:00Z',
      lastClaimed: '2026-11-21T01:09:00.5Z',
      phase: 'contain',
      rung: { rung: 'soft-quarantine', reason: `desk: confirmed, by ann: ${HOSTILE}` },
      end: undefined,
      confidence: 0.83,
      standing: 'stated',
      caps: ['only the agent itself tells of it'],
      columns: [
        {
          type: 'reasoning-compromise',
          role: 'primary',
          confidence: 0.83,
          for: [{ ...line, quote: { text: HOSTILE } }],
          against: [{ ...line, words: 'the owner asked for a report as well', basis: 'inferred', entries: [3] }],
          missing: [{ words: 'the text of a document', reason: 'not captured', remedy: 'turn content on' }],
        },
      ],
      chain: {
        template: 'T1',
        links: [
          { stage: 'entry', state: 'seen', surface: 'S1', words: `read ${HOSTILE}`, entries: [5] },
          { stage: 'deed', state: 'inferred', surface: 'S2', words: 'sent mail', entries: [7] },
        ],
      },
      triageAdvice: { why: 'harm goes on', firstAction: 'close the channel' },
      history: [{ position: 9, type: 'reasoning-compromise', confidence: 0.7, because: `came "${HOSTILE}"` }],
    },
    evidence: {
      completeness: 0.5,
      artifacts: [
        {
          id: 'A1',
          name: 'Prompt history',
          state: 'complete',
          count: 4,
          expected: 4,
          completeness: 1,
          reason: 'all',
          missingTotal: 0,
        },
        {
          id: 'A5',
          name: 'Downstream',
          state: 'not-expected',
          count: 0,
          expected: 0,
          reason: 'no hand-over',
          missingTotal: 0,
        },
      ],
    },
    tools: [
      {
        agent: 'host:h/desk',
        name: HOSTILE,
        server: 'mail',
        calls: 3,
        failed: 1,
        first: '2026-11-21T01:00:00Z',
        last: '2026-11-21T01:08:00Z',
        isNamed: true,
        entries: [6, 7],
      },
    ],
    notes: [
      {
        id: 'note-0001',
        type: 'pin',
        by: 'ann',
        at: '2026-11-21T03:00:00Z',
        editedAt: '2026-11-21T03:05:00Z',
        words: `the mail is forged ${HOSTILE}`,
        event: 'event-77',
        entries: [91, 94],
      },
    ],
    moments: [
      { at: at('2026-11-21T01:12:00Z'), kind: 'operator', who: 'ann', words: `case: closed ${HOSTILE}`, entries: [12] },
      { at: at('2026-11-21T01:00:00.5Z'), kind: 'agent', who: HOSTILE, words: 'sent mail', entries: [7] },
      { at: at('2026-11-21T01:00:00Z'), kind: 'detection', who: 'Holdfast', words: 'named', entries: [9] },
    ],
    recorded: new Map([[9, '2026-11-21T01:10:00Z']]),
    entries: { count: 10, first: 0, last: 9, leftOut: 2 },
    casefile: { matrix: shippedMatrix(), state: caseState() },
    duties: [
      {
        regime: 'gdpr-33',
        stage: 'authority',
        recipients: ['supervisory authority'],
        says: 'in phases',
        from: 'awareness',
        clock: { status: 'running', startedAt: at('2026-11-21T01:20:00Z'), dueAt: at('2026-11-24T01:20:00Z') },
      },
    ],
    log: {
      origin: 'log.example',
      key: 'log.example+00000000+AAAA',
      size: 12,
      rootHash: 'ab'.repeat(32),
      checkpoint: 'log.example\n12\nq80=\n\n— log.example AAAA\n',
    },
    generated: { at: '2026-11-21T02:00:00Z', by: 'ann', product: 'Holdfast 0.1.0' },
    limits: [],
    ...change,
  }
}

export function sampleReport(change: Partial<ReportInput> = {}): IncidentReport {
  return buildReport(reportInput(change))
}

function caseState(): NonNullable<ReportInput['casefile']>['state'] {
  const ann = { kind: 'person', name: 'ann' } as const
  const opened = at('2026-11-21T01:11:00Z')
  return {
    incident: 'inc-00112233445566aa',
    graphAt: opened,
    types: [{ type: 'reasoning-compromise', confidence: 0.83, reason: HOSTILE, by: ann, at: opened, position: 11 }],
    seals: [{ size: 11, rootHash: 'cd'.repeat(32), completeness: 0.5, at: opened }],
    facts: new Map(),
    cells: new Map([
      [
        'reasoning-compromise/detect',
        {
          status: 'closed',
          openedAt: opened,
          closedAt: opened,
          tasks: new Map([['read-chain', { by: ann, proof: { entries: [7] }, at: opened }]]),
          evidence: new Map(),
        },
      ],
    ]),
    actions: new Map([
      [
        'hold-1',
        {
          id: 'hold-1',
          words: `soft-quarantine of ${HOSTILE}`,
          rung: 'soft-quarantine',
          isReversible: true,
          state: 'confirmed',
          planHash: 'ef'.repeat(32),
          takenAs: 'reasoning-compromise',
          firstAt: opened,
          settlement: { kind: 'not-asked' },
        },
      ],
    ]),
    contaminations: [],
    restored: [],
  }
}
