import { dataRulesSchema, type Body } from '@holdfast/api'
import { isPattern } from '@holdfast/proxy'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'

type Rules = Extract<Body<'decideRoster'>['decision'], { readonly do: 'data-rules' }>['rules']

/** Reads the rules about data; whatever is wrong refuses all of the file, each mistake with its line. Untrusted. */
export function parseDataRules(text: string): { readonly rules: Rules } | { readonly faults: readonly string[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true })
  const at = (offset: number, message: string): string => `line ${lines.linePos(offset).line}: ${message}`
  if (document.errors.length > 0)
    return { faults: document.errors.map(({ pos, message }) => at(pos[0], message.split('\n')[0] ?? 'no YAML')) }
  const parsed = dataRulesSchema.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (!parsed.success)
    return {
      faults: parsed.error.issues.map(({ path, message }) =>
        at(offsetOf(document, path), path.length === 0 ? message : `${path.join('.')}: ${message}`),
      ),
    }
  const faults = parsed.data.classes.flatMap(({ found = [] }, place) =>
    found.flatMap((pattern, i) => {
      const path = ['classes', place, 'found', i]
      return isPattern(pattern) ? [] : [at(offsetOf(document, path), `${path.join('.')}: is no pattern of RE2`)]
    }),
  )
  return faults.length > 0 ? { faults } : { rules: parsed.data }
}

/** Where the value stands, or the nearest that is there around it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}
