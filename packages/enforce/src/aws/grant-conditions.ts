import { conditionOperator } from './condition-operators.ts'
import type { IamConditions } from './policy-document.ts'

/**
 * Conditions as a scope report words them (`aws:SourceVpce StringEquals vpce-1, vpce-2`), put back into the grammar, so that a
 * generated statement is no wider than the grant it replaces. `lost` is a text that is none.
 */
export function conditionOfTexts(texts: readonly string[]): {
  readonly condition?: IamConditions
  readonly lost?: string
} {
  const blocks = new Map<string, Map<string, readonly string[]>>()
  let lost: string | undefined
  for (const text of texts) {
    const match = /^(\S+) (\S+) (.+)$/s.exec(text)
    const [, key = '', operator = '', values = ''] = match ?? []
    if (match === null || conditionOperator(operator) === undefined) {
      lost ??= text
      continue
    }
    const block = blocks.get(operator) ?? new Map<string, readonly string[]>()
    blocks.set(operator, block.set(key, values.split(', ')))
  }
  const condition = Object.fromEntries([...blocks].map(([operator, keys]) => [operator, Object.fromEntries(keys)]))
  return { ...(blocks.size === 0 ? {} : { condition }), ...(lost === undefined ? {} : { lost }) }
}
