import { MAX_FIELD_CHARACTERS } from '@holdfast/capture'
import { ViewError } from './views/client.ts'
import type { Exported, HiddenFields } from './views/messages.ts'

/** Fields of one export; more names than a person looks through are better a beginning with a star. */
const MAX_FIELDS = 32

/** The fields to hide, out of what a caller asked for. Throws 400 for names that no field has. */
export function redactOf({ redact }: { readonly redact?: string | undefined }): Pick<Exported, 'redact'> {
  if (redact === undefined) return {}
  const fields = [...new Set(redact.split(',').map((name) => name.trim()))]
  const isName = (name: string): boolean => /^[^\p{Cc}]+$/u.test(name) && name.length <= MAX_FIELD_CHARACTERS
  if (fields.length > MAX_FIELDS || !fields.every(isName))
    throw new ViewError(400, `name 1 to ${MAX_FIELDS} fields, each of 1 to ${MAX_FIELD_CHARACTERS} characters`)
  return { redact: fields }
}

/** Throws 400 where a field stands nowhere, or where it cannot be hidden: half of what was asked for is not exported. */
export function assertRedactable({ kind, id, redact }: Exported, { found, inEnvelopes }: HiddenFields): void {
  const absent = (redact ?? []).filter((field) => !found.has(field))
  const [shared] = inEnvelopes
  if (shared !== undefined) {
    const why = 'is stated for all records of an agent at once (resource or scope), where nothing can be hidden'
    throw new ViewError(400, `field "${shared}" ${why}: nothing was exported`)
  }
  if (absent.length === 0) return
  const names = absent.map((field) => `"${field}"`).join(', ')
  throw new ViewError(400, `no record of ${kind} ${id} has a field ${names}: nothing was exported`)
}
