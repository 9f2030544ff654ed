import { RecorderError } from '@holdfast/recorder'
import { ViewError } from '../views/client.ts'

/** A refusal with its HTTP status. Thrown by handlers, turned into a problem document in one place. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

export type ProblemAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly detail: string
}

/** The one place where an error becomes an HTTP status. Undefined for a fault of ours, which says nothing to the caller. */
export function problemOf(error: unknown): ProblemAnswer | undefined {
  if (error instanceof HttpError) return { status: error.status, headers: error.headers, detail: error.message }
  if (error instanceof ViewError && error.status < 500)
    return { status: error.status, headers: {}, detail: error.message }
  if (error instanceof ViewError && error.status === 503)
    return { status: 503, headers: { 'retry-after': '5' }, detail: error.message }
  if (error instanceof RecorderError) return { ...recorderStatus(error.code), detail: error.message }
  return frameworkProblem(error)
}

function recorderStatus(code: RecorderError['code']): {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
} {
  switch (code) {
    case 'overloaded':
    case 'unavailable':
      return { status: 503, headers: { 'retry-after': '2' } }
    case 'invalid':
      return { status: 400, headers: {} }
    // Not lost: the answer says where it lies and how to have it.
    case 'cold':
      return { status: 409, headers: {} }
    case 'corrupt':
    case 'locked':
    case 'closed':
      return { status: 503, headers: { 'retry-after': '30' } }
  }
}

/** Fastify's own refusals carry a status below 500: a body too large, JSON that does not parse. */
function frameworkProblem(error: unknown): ProblemAnswer | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined
  return error.statusCode < 500 ? { status: error.statusCode, headers: {}, detail: error.message } : undefined
}
