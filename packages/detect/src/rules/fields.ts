import { AGENT_FIELDS } from './agent-fields.ts'
import { AUTHORITY_FIELDS } from './authority-fields.ts'
import { COMMON_FIELDS } from './common-fields.ts'
import type { Field } from './field.ts'
import { KERNEL_FIELDS } from './kernel-fields.ts'

/** Every name that a rule may use, with what it reads. `docs/rules.md` lists them; a test compares. */
export const FIELDS: ReadonlyMap<string, Field> = new Map(
  Object.entries({ ...COMMON_FIELDS, ...AGENT_FIELDS, ...KERNEL_FIELDS, ...AUTHORITY_FIELDS }),
)
