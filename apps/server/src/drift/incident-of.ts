import type { Conversations } from '../views/conversations.ts'

type Own = { readonly id: string; readonly conversations: readonly string[] }

/** The incident in whose conversations one of these executions lies: traces, or `session@day`. */
export function incidentOfExecutions(
  incidents: readonly Own[],
  conversations: Pick<Conversations, 'nameOf'>,
  executions: readonly string[],
): string | undefined {
  if (incidents.length === 0) return undefined
  const names = new Set(
    executions.flatMap((execution) => {
      const trace = execution.replace(/@\d+$/, '')
      return [trace, conversations.nameOf(trace) ?? trace]
    }),
  )
  return incidents.find(({ conversations: own }) => own.some((conversation) => names.has(conversation)))?.id
}
