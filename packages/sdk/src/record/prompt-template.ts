import { digestOf } from './digest.ts'
import { addTo } from './target.ts'
import type { Target } from './target.ts'

export type PromptTemplate = {
  readonly id: string
  readonly version?: string
  /** The template before its variables were filled in. */
  readonly text?: string
  /** SHA-256 of the template in lowercase hex; computed from `text` where it is left out. */
  readonly digest?: string
}

/** Says from which template the current step's prompt was made. False where no span is recording. */
export function recordPromptTemplate(template: PromptTemplate, target: Target = {}): boolean {
  return addTo(target, [
    ['holdfast.prompt.template.id', template.id],
    ['holdfast.prompt.template.version', template.version],
    ['holdfast.prompt.template.digest', template.digest ?? digestOf(template.text)],
    ['holdfast.prompt.template.text', template.text],
  ])
}
