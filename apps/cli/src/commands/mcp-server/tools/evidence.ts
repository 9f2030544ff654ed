import { isProven } from '@holdfast/model'
import { z } from 'zod'
import { CliError } from '../../../cli-error.ts'
import { resolveExecution, resolveConversation } from '../../../server/resolve-id.ts'
import { captured, capturedSchema, idGiven, idShown, includeContent, whereAsked } from '../captured.ts'
import { ROWS } from '../limits.ts'
import { tool } from '../tool.ts'

const end = z.object({
  node: z.string(),
  kind: z.string(),
  tier: z.string(),
  agent: z.string(),
  events: z.array(z.string()),
  label: capturedSchema.optional(),
})

/** Why two acts of a conversation are joined. */
export const explainEdge = tool({
  name: 'explain_edge',
  title: 'Explain an edge',
  description:
    'Why two nodes of an execution graph are joined: the kind of each edge between them, what it rests on, and whether that proves it. Nothing is ever joined by closeness in time.',
  isReadOnly: true,
  input: z.object({
    conversation: z.string().max(900).describe('conversation or trace id'),
    from: z.string().max(600).describe('node or event id of the cause'),
    to: z.string().max(600).describe('node or event id of what followed'),
    ...includeContent,
  }),
  output: z.object({
    from: end,
    to: end,
    edges: z.array(
      z.object({
        kind: z.string(),
        basis: z.string(),
        proven: z.boolean(),
        values: z.array(capturedSchema).optional().describe('what travelled, where the basis is content'),
      }),
    ),
  }),
  async run(api, { conversation, from, to, include_content: isAsked }) {
    const { id } = await resolveConversation(api, idGiven(conversation))
    const graph = await api.call('getGraph', { params: { conversation: id } })
    const nodeOf = (given: string) => {
      const wanted = idGiven(given)
      const node = graph.nodes.find((one) => one.id === wanted || one.events.includes(wanted))
      if (node === undefined) throw new CliError('not-found', `the conversation has no node or event "${wanted}"`)
      return node
    }
    const [cause, effect] = [nodeOf(from), nodeOf(to)]
    const shown = ({ id: node, kind, tier, agent, events, label }: typeof cause): z.input<typeof end> => ({
      node: idShown(node),
      kind,
      tier,
      agent: idShown(agent),
      events: events.slice(0, ROWS).map(idShown),
      label: whereAsked(isAsked, label),
    })
    const edges = graph.edges
      .filter((edge) => edge.from === cause.id && edge.to === effect.id)
      .map(({ kind, basis, values }) => ({
        kind,
        basis,
        proven: isProven(basis),
        values: isAsked ? values?.slice(0, ROWS).map(captured) : undefined,
      }))
    return { from: shown(cause), to: shown(effect), edges }
  },
})

/** Which of the six forensic artifacts there are. */
export const evidenceStatus = tool({
  name: 'evidence_status',
  title: 'Evidence status',
  description:
    'The six forensic artifacts of an incident or a conversation: which are complete, what is missing and what would complete them.',
  isReadOnly: true,
  input: z.object({ of: z.string().max(900).describe('incident, conversation or trace id, or the beginning of one') }),
  output: z.object({
    of: z.string(),
    completeness: z.number().describe('0 to 1, the least complete artifact'),
    artifacts: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        state: z.enum(['complete', 'partial', 'missing', 'not-expected']),
        count: z.int(),
        expected: z.int(),
      }),
    ),
  }),
  async run(api, { of }) {
    const found = await resolveExecution(api, idGiven(of))
    const { artifacts, completeness } =
      found.kind === 'incident'
        ? await api.call('getIncidentEvidence', { params: { incident: found.id } })
        : await api.call('getEvidence', { params: { conversation: found.id } })
    return {
      of: idShown(found.id),
      completeness,
      artifacts: artifacts.map(({ id, name, state, count, expected }) => ({ id, name, state, count, expected })),
    }
  },
})
