import { z } from 'zod'
import { read, order, startWorkspace, tellStory, type Workspace } from './server.ts'

export type Seeded = {
  readonly workspace: Workspace
  /** What stands for each parameter of a route. */
  readonly ids: {
    readonly agent: string
    readonly incident: string
    readonly conversation: string
    readonly row: string
    readonly artifact: string
  }
  /** An id that the incident had before it was found to be one with another. */
  readonly formerIncident: string
} & AsyncDisposable

const incidentsSchema = z.object({
  items: z.tuple([
    z.object({
      id: z.string(),
      agents: z.array(z.string()).min(1),
      conversations: z.array(z.string()).min(1),
      alsoKnownAs: z.array(z.string()).min(1),
    }),
  ]),
})
const artifactsSchema = z.object({ artifacts: z.array(z.object({ id: z.string() })).min(1) })

/**
 * A server on which one incident of the demo happened, at the end of the quiet weeks of its agent, and whose policies
 * were made: there is something on every page.
 */
export async function seededWorkspace(): Promise<Seeded> {
  const workspace = await startWorkspace()
  await tellStory(workspace, 'sanctioned-bucket')
  const { items } = incidentsSchema.parse(await read(workspace, '/api/v1/incidents'))
  const [{ id: incident, agents, conversations, alsoKnownAs }] = items
  const agent = agents.find((id) => id.startsWith('k8s:')) ?? ''
  const conversation = conversations.find((id) => !id.includes('~')) ?? ''
  const made = await order(workspace, `/api/v1/agents/${encodeURIComponent(agent)}/policies`, {})
  const artifact = artifactsSchema.parse(made).artifacts[0]?.id ?? ''
  return {
    workspace,
    ids: { agent, incident, conversation, row: `row~${incident}`, artifact },
    formerIncident: alsoKnownAs[0] ?? '',
    [Symbol.asyncDispose]: () => workspace[Symbol.asyncDispose](),
  }
}
