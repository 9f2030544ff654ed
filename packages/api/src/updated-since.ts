import { parseRfc3339 } from '@holdfast/model'
import { z } from 'zod'

/**
 * Leaves of a list the rows of which something was recorded at this instant or later, so that a caller need not read all of it again.
 * A list has what was recorded once that is folded, mostly within a second.
 */
export function updatedSince(what: string) {
  return {
    updated_since: z
      .string()
      .max(64)
      .refine((text) => parseRfc3339(text) !== undefined, 'a time in RFC 3339 with a zone is meant')
      .optional()
      .meta({ description: what, format: 'date-time' }),
  }
}
