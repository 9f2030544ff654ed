import { RUNGS } from '@holdfast/model'
import { z } from 'zod'
import { resolveIncident } from '../../../server/resolve-id.ts'
import { captured, capturedSchema } from '../captured.ts'
import { ROWS } from '../limits.ts'
import { tool } from '../tool.ts'

/** Leaves a plan for a person to read; approving and applying it is no tool's. */
export const proposeContainment = tool({
  name: 'propose_containment',
  title: 'Propose a containment plan',
  description:
    'Seals the evidence of an incident and writes a containment plan that people may approve. Nothing is contained: there is no tool that approves or applies a plan.',
  isReadOnly: false,
  input: z.object({
    incident: z.string().max(200).describe('id or the beginning of one'),
    rung: z.enum(RUNGS).optional().describe('another rung than the ladder advises'),
  }),
  output: z.object({
    plan: z.string().describe('its hash: what people approve'),
    state: z.string(),
    approval: z.object({ kind: z.string(), roles: z.array(z.string()), people: z.int() }),
    steps: z.array(z.object({ what: capturedSchema, provider: z.string(), reversible: z.boolean(), ttl_ms: z.int() })),
    left: z.array(z.object({ what: capturedSchema, why: capturedSchema })).describe('of the decision, and why'),
    sealed: z.object({ size: z.int(), root_hash: z.string() }),
    completeness: z.number(),
    next: z.string().describe('command with which a person reads it'),
  }),
  async run(api, { incident, rung }) {
    const id = await resolveIncident(api, incident)
    const plan = await api.call('makeResponsePlan', {
      params: { incident: id },
      body: rung === undefined ? {} : { rung },
    })
    const { kind, roles, people } = plan.approval
    return {
      plan: plan.hash,
      state: plan.state,
      approval: { kind, roles, people },
      steps: plan.steps.slice(0, ROWS).map(({ preview, provider, isReversible, ttlMs }) => ({
        what: captured(preview),
        provider,
        reversible: isReversible,
        ttl_ms: ttlMs,
      })),
      left: plan.left.slice(0, ROWS).map(({ what, why }) => ({ what: captured(what), why: captured(why) })),
      sealed: { size: plan.seal.size, root_hash: plan.seal.rootHash },
      completeness: plan.completeness,
      next: `holdfast incidents plans ${id}`,
    }
  },
})
