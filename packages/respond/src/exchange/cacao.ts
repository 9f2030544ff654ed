import { z } from 'zod'

import { MAX_CACAO_STEPS } from '../limits.ts'

// What of CACAO Security Playbooks 2.0 is written and read:
// https://docs.oasis-open.org/cacao/security-playbooks/v2.0/security-playbooks-v2.0.html
// The published JSON schemas let unknown properties pass under their own draft, so this is an allow-list of its own.

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'

/** An id of one object type: `action--<uuid>`. */
function idOf(...types: readonly string[]) {
  return z.string().regex(new RegExp(`^(?:${types.join('|')})--${UUID}$`, 'i'), `an id of type ${types.join(' or ')}`)
}

const STEPS = [
  'start',
  'end',
  'action',
  'playbook-action',
  'parallel',
  'if-condition',
  'while-condition',
  'switch-condition',
] as const

const AGENTS = ['group', 'individual', 'organization', 'sector', 'location'] as const

const stepId = idOf(...STEPS)
const agentId = idOf(...AGENTS)
const extensions = z.record(idOf('extension-definition'), z.record(z.string(), z.unknown())).readonly()
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, 'a time in UTC')
const named = { name: z.string().optional(), description: z.string().optional() }

const commandSchema = z
  .strictObject({ type: z.literal('manual'), command: z.string().min(1), playbook_activity: z.string().optional() })
  .readonly()

const stepSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), ...named, on_completion: stepId }).readonly(),
  z.strictObject({ type: z.literal('end'), ...named }).readonly(),
  z
    .strictObject({
      type: z.literal('action'),
      ...named,
      commands: z.array(commandSchema).min(1).max(MAX_CACAO_STEPS).readonly(),
      agent: agentId,
      on_completion: stepId,
      step_extensions: extensions.optional(),
    })
    .readonly(),
  z
    .strictObject({
      type: z.literal('parallel'),
      ...named,
      next_steps: z.array(stepId).min(2).max(MAX_CACAO_STEPS).readonly(),
      on_completion: stepId,
    })
    .readonly(),
  z
    .strictObject({
      type: z.literal('playbook-action'),
      ...named,
      playbook_id: idOf('playbook'),
      on_completion: stepId,
    })
    .readonly(),
])

export type CacaoStep = z.infer<typeof stepSchema>

const PLAYBOOK_TYPES = [
  'attack',
  'detection',
  'engagement',
  'investigation',
  'mitigation',
  'notification',
  'prevention',
  'remediation',
] as const

export type CacaoPlaybookType = (typeof PLAYBOOK_TYPES)[number]

export const cacaoPlaybookSchema = z
  .strictObject({
    type: z.literal('playbook'),
    spec_version: z.literal('cacao-2.0'),
    id: idOf('playbook'),
    name: z.string().min(1),
    description: z.string().optional(),
    playbook_types: z.array(z.enum(PLAYBOOK_TYPES)).readonly().optional(),
    playbook_activities: z.array(z.string()).min(1).readonly().optional(),
    created_by: idOf('identity'),
    created: time,
    modified: time,
    impact: z.int().min(0).max(100).optional(),
    labels: z.array(z.string()).min(1).readonly().optional(),
    workflow_start: idOf('start'),
    workflow: z
      .record(stepId, stepSchema)
      .refine(
        (steps) => Object.keys(steps).length <= MAX_CACAO_STEPS,
        `a workflow has at most ${MAX_CACAO_STEPS} steps`,
      )
      .readonly(),
    playbook_extensions: extensions.optional(),
    agent_definitions: z
      .record(
        agentId,
        z.strictObject({ type: z.enum(AGENTS), name: z.string().min(1), description: z.string().optional() }),
      )
      .readonly()
      .optional(),
    extension_definitions: z
      .record(
        idOf('extension-definition'),
        z.strictObject({
          type: z.literal('extension-definition'),
          name: z.string(),
          description: z.string().optional(),
          created_by: idOf('identity'),
          schema: z.string(),
          version: z.string(),
        }),
      )
      .readonly()
      .optional(),
  })
  .readonly()

export type CacaoPlaybook = z.infer<typeof cacaoPlaybookSchema>

/** What makes a playbook no playbook though its shape is right: ids that lead nowhere or to a step of another type. */
export function brokenReferences({ workflow, workflow_start, agent_definitions }: CacaoPlaybook): readonly string[] {
  const steps = Object.entries(workflow)
  const known = new Set(Object.keys(workflow))
  const dangling = steps.flatMap(([id, step]) =>
    leadsTo(step)
      .filter((next) => !known.has(next))
      .map((next) => `${id} leads to ${next}, which is not there`),
  )
  return [
    ...(workflow[workflow_start]?.type === 'start' ? [] : [`workflow_start ${workflow_start} is no start step`]),
    ...(steps.some(([, { type }]) => type === 'end') ? [] : ['there is no end step']),
    ...steps
      .filter(([id, { type }]) => !id.startsWith(`${type}--`))
      .map(([id, { type }]) => `${id} is a step of type ${type}`),
    ...dangling,
    ...steps.flatMap(([id, step]) =>
      step.type === 'action' && agent_definitions?.[step.agent] === undefined
        ? [`${id} names agent ${step.agent}, which is not there`]
        : [],
    ),
  ]
}

function leadsTo(step: CacaoStep): readonly string[] {
  switch (step.type) {
    case 'end':
      return []
    case 'start':
    case 'action':
    case 'playbook-action':
      return [step.on_completion]
    case 'parallel':
      return [...step.next_steps, step.on_completion]
  }
}
