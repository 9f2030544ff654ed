import type { JsonObject } from './json.ts'
import { objectAt, textAt } from './json.ts'

/** Whether an object is selected by the `labelSelector` of a list request; undefined for a text that is none. */
export function matchesLabels(text: string, object: JsonObject): boolean | undefined {
  const labels = objectAt(object, 'metadata', 'labels')
  const terms = text.split(/,(?![^(]*\))/).filter((term) => term !== '')
  let matches = true
  for (const term of terms) {
    const result = matchesTerm(term.trim(), labels)
    if (result === undefined) return undefined
    matches &&= result
  }
  return matches
}

/** Only the name: that is what all kinds have. */
export function matchesFields(text: string, object: JsonObject): boolean | undefined {
  const [, name] = /^metadata\.name=(.*)$/.exec(text) ?? []
  return text === '' ? true : name === undefined ? undefined : textAt(object, 'metadata', 'name') === name
}

function matchesTerm(term: string, labels: JsonObject): boolean | undefined {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(term)
  if (set !== null) {
    const [, key = '', operator, values = ''] = set
    const isIn = typeof labels[key] === 'string' && values.split(',').includes(labels[key])
    return operator === 'in' ? isIn : !isIn
  }
  const [, key = '', operator, value] = /^([^=!\s]+)(==?|!=)(\S*)$/.exec(term) ?? []
  if (operator !== undefined) return operator === '!=' ? labels[key] !== value : labels[key] === value
  if (/^!\S+$/.test(term)) return labels[term.slice(1)] === undefined
  return /^\S+$/.test(term) ? labels[term] !== undefined : undefined
}
