import type { Handlers } from '../http/handlers.ts'
import type { Diagnostics } from './diagnostics.ts'

type DiagnosticRoute = 'getDiagnostic'

/** The diagnostic: every answer is looked up when it is asked for. */
export function diagnosticHandlers(diagnostics: Diagnostics): Pick<Handlers, DiagnosticRoute> {
  return {
    getDiagnostic: async ({ query }) => (await diagnostics.ask(query)).wire,
  }
}
