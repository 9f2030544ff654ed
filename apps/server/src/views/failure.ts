import { RecorderError } from '@holdfast/recorder'
import { QuestionError } from './view-sources.ts'

/**
 * What the asker of a view is told: a question without an answer is the asker's, and so is one about content that lies in cold
 * storage which is not attached (409: it says where, and how to have it). Anything else is a fault here, told with its stack to the log.
 */
export function failureOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof QuestionError) return { status: error.status, message: error.message }
  if (error instanceof RecorderError && error.code === 'cold') return { status: 409, message: error.message }
  return { status: 500, message: error instanceof Error ? (error.stack ?? error.message) : 'unknown fault' }
}
