import type { SourceStep } from './steps.ts'
/** One sentence that entered the context, with what it names. */
export type Sentence = {
  readonly text: string
  readonly source: SourceStep
  /** Which item of the source's list, and which field of it. */
  readonly item: number
  readonly field: string
  /** Forms of its tokens. */
  readonly forms: ReadonlySet<string>
  /** How much it reads like an instruction, 0 to 1; neighbours in the same field lend it some. */
  readonly strength: number
  /** It stood in hidden characters or under an encoding. */
  readonly isHidden: boolean
}
/** The sentences of a source, each field by itself. `trust`: how far what it says is believed to be no instruction of a stranger, 0 to 1. */
export declare function readSentences(
  source: SourceStep,
  {
    bound,
    trust,
  }?: {
    readonly bound?: number
    readonly trust?: number
  },
): readonly Sentence[]
//# sourceMappingURL=sentences.d.ts.map
