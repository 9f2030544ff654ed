import type { Conversations } from '../views/conversations.ts'

type Own = { readonly id: string; readonly conversations: readonly string[] }

/** The incident in whose conversations one of these executions lies: traces, or `session@day`. */
export function incidentOfExecutions(
  incidents: readonly Own[],
  conversations: Pick<Conversations, 'nameOf' | 'ofTrace'>,
  executions: readonly string[],
): string | undefined {
  if (incidents.length === 0) return undefined
  const listed = incidents.flatMap(({ conversations: own }) => own)
  const names = new Set(
    executions.flatMap((execution) => {
      const trace = execution.replace(/@\d+$/, '')
      const name = conversations.nameOf(trace) ?? trace
      // Once another agent uses its name, a conversation goes by `<name>~<agent>`. That is looked up only where it may matter.
      const isShared = listed.some((one) => one.startsWith(`${name}~`))
      return [trace, name, ...(isShared ? [conversations.ofTrace(trace)?.doc.id ?? name] : [])]
    }),
  )
  return incidents.find(({ conversations: own }) => own.some((conversation) => names.has(conversation)))?.id
}
