import { ApiError } from '@holdfast/api'
import { inertLine } from '../text/inert.ts'

/** Why no file came of an export: in the server's words where it refused or was not heard; of a fault of its own its log has the reason. */
export function exportFault(error: unknown): string {
  if (!(error instanceof ApiError)) return 'the file could not be saved'
  return error.status < 500 ? inertLine(error.message) : 'the server could not make it: its log has the reason'
}
