import type { Answer, ScoreRowWire } from '@holdfast/api'
import type { ScoreRow } from '@holdfast/reconcile'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import type { Attestations } from './attestations.ts'
import type { Diagnostics } from './diagnostics.ts'
import { exportPack } from './export-pack.ts'
import { LIST_MOST } from './limits.ts'
import type { Scorecards } from './scorecards.ts'
import type { HeldAudit, SelfAudits } from './self-audits.ts'

type DiagnosticRoute =
  | 'getDiagnostic'
  | 'exportDiagnostic'
  | 'listSelfAudits'
  | 'holdSelfAudit'
  | 'scheduleSelfAudits'
  | 'getScorecard'
  | 'decideScorecard'
  | 'listAttestations'
  | 'getAttestation'

/** What the routes of the diagnostic ask. */
export type DiagnosticParts = {
  readonly diagnostics: Diagnostics
  readonly selfAudits: SelfAudits
  readonly scorecards: Scorecards
  readonly attestations: Attestations
}

type Sources = Pick<HandlerSources, 'recorder' | 'folder'> & { readonly diagnostic: DiagnosticParts }

/** The diagnostic: every answer is looked up when it is asked for, every decision is on record first. */
export function diagnosticHandlers({ recorder, folder, diagnostic }: Sources): Pick<Handlers, DiagnosticRoute> {
  const { diagnostics, selfAudits, scorecards, attestations } = diagnostic
  return {
    getDiagnostic: async ({ query }) => (await diagnostics.ask(query)).wire,
    exportDiagnostic: async ({ query, caller, reply }) => {
      const { question, ...asked } = query
      const by = caller.name
      const pack = await exportPack({ recorder, diagnostics, scorecards, attestations, folder, by, asked, question })
      reply
        .type('application/zip')
        .header('content-length', pack.bytes)
        .header('content-disposition', `attachment; filename="${pack.name}"`)
      return pack.content
    },
    listSelfAudits: async ({ query }) => auditsWire(selfAudits, query.agent),
    holdSelfAudit: async ({ body: { reason, ...asked }, caller }) => {
      const held = await selfAudits.hold(asked, reason, caller.name)
      const item = auditsWire(selfAudits, held.agent).items.find(({ audit }) => audit === held.audit)
      if (item === undefined) throw new TypeError('an audit that was held is not listed')
      return item
    },
    scheduleSelfAudits: async ({ body: { reason, everyDays, agents }, caller }) => {
      await selfAudits.decide({ everyDays, agents: agents ?? [] }, reason, caller.name)
      await selfAudits.look()
      return auditsWire(selfAudits, undefined)
    },
    getScorecard: async () => scorecardWire(scorecards),
    decideScorecard: async ({ body: { decision, reason }, caller }) => {
      await scorecards.decide(decision, reason, caller.name)
      return scorecardWire(scorecards)
    },
    listAttestations: async () => {
      const { items, missing } = attestations.list()
      return { items: items.slice(-LIST_MOST).toReversed(), missing: missing.slice(-LIST_MOST), total: items.length }
    },
    getAttestation: async ({ params }) => {
      const found = await attestations.show(params.day)
      if (found === undefined) throw new HttpError(404, `there is no statement of ${params.day}`)
      const { attestation, note, entry } = found
      return {
        ...attestationWire(attestation),
        key: recorder.publicKey(),
        ...(note === undefined ? {} : { note }),
        ...(entry === undefined ? {} : { entry }),
      }
    },
  }
}

function attestationWire(attestation: NonNullable<Awaited<ReturnType<Attestations['show']>>>['attestation']) {
  const { streams, gaps, lateGaps, away, ...rest } = attestation
  return {
    ...rest,
    streams: streams.map((stream) => ({ ...stream, gaps: [...stream.gaps] })),
    gaps: [...gaps],
    lateGaps: [...lateGaps],
    away: [...away],
  }
}

function auditsWire(audits: SelfAudits, agent: string | undefined): Answer<'listSelfAudits'> {
  const { schedule } = audits
  const due = agent === undefined ? undefined : audits.dueOf(agent)
  return {
    items: audits
      .list(agent)
      .slice(0, LIST_MOST)
      .map(({ audit, changes }) => ({ ...heldWire(audit), changes: [...changes] })),
    ...(schedule === undefined
      ? {}
      : {
          schedule: {
            everyDays: schedule.everyDays,
            agents: [...schedule.agents],
            reason: schedule.reason,
            by: schedule.by,
            entry: schedule.entry,
          },
        }),
    ...(due === undefined ? {} : { due }),
  }
}

function heldWire({ do: _do, shortfalls, verdicts, ...held }: HeldAudit) {
  return {
    ...held,
    verdicts: { questions: { ...verdicts.questions }, capabilities: { ...verdicts.capabilities } },
    shortfalls: shortfalls.map(({ of, reasons }) => ({ of, reasons: [...reasons] })),
  }
}

function scorecardWire({ rows, history }: Scorecards): Answer<'getScorecard'> {
  return {
    rows: rows.map(rowWire),
    history: history
      .slice(-LIST_MOST)
      .toReversed()
      .map(({ decision, ...rest }) => ({ ...rest, decision })),
  }
}

function rowWire({ cells, ...row }: ScoreRow): ScoreRowWire {
  return { ...row, cells: [...cells] }
}
