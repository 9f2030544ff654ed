import { textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { timeStated } from './stated-change.ts'
import type { ChangeReading, StatedChange } from './stated-change.ts'

const CHANGES: ReadonlyMap<string, StatedChange['change']> = new Map(
  (
    [
      'deploy',
      'image',
      'model',
      'prompt-template',
      'tool-catalogue',
      'mcp-server',
      'grant',
      'replicas',
      'restart',
    ] as const
  ).map((change) => [change, change]),
)

/** The kind of change that a text names. */
export function changeKind(text: string | undefined): StatedChange['change'] | undefined {
  return CHANGES.get(text ?? '')
}

/** A change in plain words, as a pipeline may state it: `{change, subject, from, to, changeId, author, approver, at}`. */
export function readPlainChange(json: Json): ChangeReading | undefined {
  const change = changeKind(textField(json, 'change'))
  const subject = textField(json, 'subject')
  if (change === undefined || subject === undefined) return undefined
  return {
    dialect: 'plain',
    // Whoever holds the pipeline's key may write it: nobody out of the agent's reach vouches for it.
    tier: 'self-reported',
    at: timeStated(textField(json, 'at')),
    agent: undefined,
    changes: [{ change, subject, ...stated(json, 'from', 'to', 'changeId', 'author', 'approver') }],
  }
}

/** The named fields that are texts, under their own names. */
export function stated<K extends 'from' | 'to' | 'changeId' | 'author' | 'approver'>(
  json: Json | undefined,
  ...names: readonly K[]
): { readonly [N in K]?: string } {
  const found: { [N in K]?: string } = {}
  for (const name of names) {
    const text = textField(json, name)
    if (text !== undefined) found[name] = text
  }
  return found
}
