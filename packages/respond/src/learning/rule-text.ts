import type { AgentId, IncidentType } from '@holdfast/model'

import { derivedUuid } from '../exchange/uuid.ts'
import type { ShapeItem, StepShape } from './shape.ts'

export type LearnedRule = {
  readonly name: string
  readonly incident: string
  readonly type: IncidentType
  readonly about: 'source' | 'act'
  readonly words: string
  /** How often the one step must be seen; 1 where steps are in order. */
  readonly count: number
  /** The agents that the rule is of: what another one does it does not meet. */
  readonly agents: readonly AgentId[]
  readonly shapes: readonly StepShape[]
  readonly hours: number
}

/** What came in is an attempt until the agent acts on it; a deed of this shape makes an incident (packages/detect, classify). */
const STRENGTH = { source: 0.35, act: 0.5 } as const

/** A learned rule in the form of those that ship: Sigma 2.1 as YAML, values in double quotes. */
export function ruleText(rule: LearnedRule): string {
  const { shapes, count } = rule
  const [only] = shapes
  if (shapes.length === 1 && count === 1 && only !== undefined)
    return lines(head(rule, rule.name), detection(only, rule.agents), holdfast(rule))
  const parts = shapes.map((shape, i) => ({ name: partName(rule.name, i), shape }))
  return [
    lines(head(rule, rule.name), correlation(rule, parts), holdfast(rule)),
    ...parts.map(({ name, shape }) =>
      lines(
        [
          `title: ${quoted(shape.words)}`,
          `id: ${derivedUuid('learned-rule', rule.incident, name)}`,
          `name: ${name}`,
          'taxonomy: holdfast',
          'level: informational',
        ],
        detection(shape, rule.agents),
      ),
    ),
  ].join('---\n')
}

function head({ incident, type, about, words }: LearnedRule, name: string): readonly string[] {
  return [
    `title: ${quoted(`as in an incident that was learned from: ${words}`)}`,
    `id: ${derivedUuid('learned-rule', incident, name)}`,
    'status: experimental',
    `description: ${quoted(`Learned from ${incident}, a ${type}; what the agent ordinarily does does not meet it.`)}`,
    'taxonomy: holdfast',
    `level: ${about === 'act' ? 'high' : 'medium'}`,
  ]
}

function detection({ category, items, except }: StepShape, agents: readonly AgentId[]): readonly string[] {
  return [
    `logsource: { product: holdfast, category: ${category} }`,
    'detection:',
    `  own: { agent.id: [${agents.map((agent) => quoted(literal(agent))).join(', ')}] }`,
    '  step:',
    ...items.map(([field, value]) => `    ${field}: ${valueText(field, value)}`),
    ...(except === undefined
      ? ['  condition: own and step']
      : [
          `  known: { ${except.field}: [${except.begins.map((known) => quoted(literal(known))).join(', ')}] }`,
          '  condition: own and step and not known',
        ]),
  ]
}

function correlation({ count, hours }: LearnedRule, parts: readonly { readonly name: string }[]): readonly string[] {
  return [
    'correlation:',
    `  type: ${parts.length > 1 ? 'temporal_ordered' : 'event_count'}`,
    `  rules: [${parts.map(({ name }) => name).join(', ')}]`,
    // Steps in order may be told by different witnesses; what two of them tell of is not twice as often.
    `  group-by: [${parts.length > 1 ? 'agent.id' : 'agent.id, event.tier, event.channel'}]`,
    `  timespan: ${hours}h`,
    ...(parts.length > 1 ? [] : [`  condition: { gte: ${count} }`]),
  ]
}

function holdfast({ type, about, shapes }: LearnedRule): readonly string[] {
  const surface = shapes.at(-1)?.surface ?? 'S2'
  return ['holdfast:', `  speaksFor: ${type}`, `  strength: ${STRENGTH[about]}`, `  surface: ${surface}`]
}

function partName(rule: string, part: number): string {
  return `${rule.replaceAll('-', '_')}_${part + 1}`
}

function valueText(field: string, value: ShapeItem[1]): string {
  if (typeof value === 'object') return `[${value.map((one) => quoted(literal(one))).join(', ')}]`
  if (typeof value !== 'string') return String(value)
  return quoted(field.includes('|cidr') ? value : literal(value))
}

/** Characters that stand for others in a selection stand for themselves here. */
function literal(text: string): string {
  return text.replaceAll(/[\\*?]/g, '\\$&')
}

/** JSON's strings are strings of YAML; line ends of Unicode are not, and are written as escapes. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function lines(...blocks: readonly (readonly string[])[]): string {
  return `${blocks.flat().join('\n')}\n`
}
