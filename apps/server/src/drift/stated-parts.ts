import { hash } from 'node:crypto'
import { canonicalJson, type EventSummary } from '@holdfast/model'

type Declaration = Extract<EventSummary['body'], { readonly kind: 'declaration' }>

/** Kinds of component that a document states, by the kind of change that a new one of them is. */
const CHANGE_OF: ReadonlyMap<string, string> = new Map([
  ['image', 'image'],
  ['model', 'model'],
  ['prompt-template', 'prompt-template'],
  ['tool', 'tool-catalogue'],
  ['mcp-server', 'mcp-server'],
])

/** Parts and grants that a document states: kind of change, name, and a digest of what it says of it. */
export function statedParts({ components, grants }: Declaration): readonly (readonly [string, string, string])[] {
  const parts = components.flatMap((component): readonly (readonly [string, string, string])[] => {
    const change = CHANGE_OF.get(component.kind)
    return change === undefined ? [] : [[change, component.name, digestOf(component)]]
  })
  const given = grants.map((grant): readonly [string, string, string] => [
    'grant',
    `${(grant.actions ?? []).join(' ')} on ${(grant.resources ?? []).join(' ')}`.slice(0, NAME_CHARS),
    digestOf(grant),
  ])
  return [...parts, ...given].slice(0, PARTS_KEPT)
}

/** Parts of one document that are compared with the one before. */
const PARTS_KEPT = 500
const NAME_CHARS = 240

function digestOf(value: object): string {
  return hash('sha256', canonicalJson(JSON.parse(JSON.stringify(value))), 'hex').slice(0, 16)
}
