import type { DriftChangeWire } from '@holdfast/api'
import { z } from 'zod'
import { resolveAgent } from '../../../server/resolve-id.ts'
import { captured, capturedSchema, idGiven, idShown } from '../captured.ts'
import { ROWS } from '../limits.ts'
import { tool } from '../tool.ts'

const signal = z.object({ holds: z.boolean(), entries: z.array(z.int()) })

const change = z.object({
  id: z.string(),
  subject: z.string(),
  verdict: z.string(),
  severity: z.string(),
  standing: z.string(),
  at: z.string(),
  what: capturedSchema,
  signals: z.object({ deployment: signal, continuity: signal, bounds: signal }),
  explained_by: z.object({ change: z.string(), entry: z.int(), approver: capturedSchema.optional() }).optional(),
  entries: z.array(z.int()),
  incident: z.string().optional(),
})

/** What changed of how an agent behaves, told into evolution and risky drift. */
export const driftReport = tool({
  name: 'drift_report',
  title: 'Drift report',
  description:
    'Changes of an agent against its profile in two lanes, evolution and risky, each with its three signals: deployment correlation, pattern continuity, resource bounds.',
  isReadOnly: true,
  input: z.object({
    agent: z.string().max(600).describe('agent id, name or the beginning of either'),
    days: z.int().min(1).max(90).default(30),
  }),
  output: z.object({
    agent: z.string(),
    state: z.enum(['quiet', 'risky', 'silent', 'learning']).describe('silent: a stream that speaks every day does not'),
    from: z.string(),
    as_of: z.string(),
    risky: z.array(change),
    evolution: z.array(change),
    total: z.object({ risky: z.int(), evolution: z.int() }),
    silent: z.array(z.object({ date: z.string(), tier: z.string() })),
  }),
  async run(api, { agent, days }) {
    const { id } = await resolveAgent(api, idGiven(agent))
    const drift = await api.call('getDrift', { params: { agent: id }, query: { days } })
    return {
      agent: idShown(drift.agent),
      state: drift.state,
      from: drift.from,
      as_of: drift.asOf,
      risky: drift.risky.slice(0, ROWS).map(changeShown),
      evolution: drift.evolution.slice(0, ROWS).map(changeShown),
      total: { risky: drift.risky.length, evolution: drift.evolution.length },
      silent: drift.silent.slice(0, ROWS),
    }
  },
})

function changeShown({ id, subject, verdict, severity, standing, at, what, ...rest }: DriftChangeWire) {
  const by = rest.change
  const shown = ({ holds, entries }: DriftChangeWire['signals']['bounds']) => ({
    holds,
    entries: entries.slice(0, ROWS),
  })
  const { deployment, continuity, bounds } = rest.signals
  return {
    id,
    subject,
    verdict,
    severity,
    standing,
    at,
    what: captured(what),
    signals: { deployment: shown(deployment), continuity: shown(continuity), bounds: shown(bounds) },
    ...(by === undefined
      ? {}
      : {
          explained_by: {
            change: by.change,
            entry: by.entry,
            ...(by.approver === undefined ? {} : { approver: captured(by.approver) }),
          },
        }),
    entries: rest.entries.slice(0, ROWS),
    ...(rest.incident === undefined ? {} : { incident: rest.incident }),
  }
}
