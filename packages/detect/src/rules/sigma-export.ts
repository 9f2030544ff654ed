import { isMap, parseAllDocuments } from 'yaml'
import type { RuleSource } from './compile.ts'

/** A rule file as plain Sigma, with what of it Sigma has no words for; or why it cannot be one. */
export type SigmaFile =
  | { readonly kind: 'file'; readonly text: string; readonly lost: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** What changes which events a rule finds: without it the file would say something else. */
const NEEDED = ['where', 'remember', 'recall']

/**
 * Takes out of a rule file that compiles what Sigma does not know. A rule that needs an expression or a memory has no form in
 * Sigma, and is refused.
 */
export function toSigma({ text }: Pick<RuleSource, 'text'>): SigmaFile {
  const documents = parseAllDocuments(text)
  if (!Array.isArray(documents)) return { kind: 'refused', reason: 'the file holds no rule' }
  const lost = new Set<string>()
  for (const document of documents) {
    const block: unknown = document.get('holdfast')
    if (isMap(block))
      for (const { key } of block.items) {
        const name = String(key)
        if (NEEDED.includes(name)) return { kind: 'refused', reason: `Sigma has no words for "${name}"` }
        lost.add(name)
      }
    document.delete('holdfast')
  }
  const told = lost.size === 0 ? '' : `# Left out, for Sigma has no words for it: ${[...lost].join(', ')}.\n`
  const bodies = documents.map((document) => String(document).replace(/^---\n/, ''))
  return { kind: 'file', text: told + bodies.join('---\n'), lost: [...lost] }
}
