import { literalLeaves } from './literal.ts'
import { lineLeaves } from './line-leaves.ts'

/** One piece of text that stands for itself: a field of a record, a list item, a paragraph. */
export type Leaf = {
  readonly text: string
  /** Which item of a list it stands in: one mail, one review, one file. 0 where there is no list. */
  readonly item: number
  /** Name of the field, empty where it has none. */
  readonly field: string
}

/**
 * Takes a tool's answer apart where its format does, whatever the format: JSON, Python literals, YAML, or lines of text.
 * Sentences must not be looked for before: escapes and folding would run two fields into one sentence. Bounded by
 * `MAX_LEAVES`.
 */
export function leavesOf(text: string): readonly Leaf[] {
  return literalLeaves(text) ?? lineLeaves(text)
}
