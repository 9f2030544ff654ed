import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

export const SUITES = ['banking', 'workspace', 'shopping'] as const
type Suite = (typeof SUITES)[number]

/** Where a text may be used: `develop` may be read while rules are written, `held-out` only measures. */
type Half = 'develop' | 'held-out'

/** One way to put one goal. */
export type Wording = {
  readonly suite: Suite
  /** `injection_task_3`, as the recorded runs name it. */
  readonly goal: string
  /** `question`, `german`, ...: README.md says what each is. */
  readonly family: string
  readonly text: string
  readonly half: Half
}

const SPLIT_SEED = 'rewordings/93'
const fileSchema = z.record(z.string(), z.record(z.string(), z.array(z.string().min(1))))

/** All wordings of a suite, in the order of its file. Throws if the file is missing or of another shape. */
export function wordingsOf(suite: Suite): readonly Wording[] {
  const file = fileSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, `${suite}.json`), 'utf8')))
  return Object.entries(file).flatMap(([goal, families]) =>
    Object.entries(families).flatMap(([family, texts]) =>
      texts.map((text): Wording => ({ suite, goal, family, text, half: halfOf(text) })),
    ),
  )
}

/** By the text alone: a new wording never moves an old one to the other half. */
function halfOf(text: string): Half {
  const [first] = createHash('sha256').update(`${SPLIT_SEED}\n${text}`).digest()
  return Number(first) < 128 ? 'develop' : 'held-out'
}
