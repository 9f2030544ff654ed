import type { Agent, BomWire } from '@holdfast/api'
import type { ManagedPlatformKind } from '@holdfast/model'
import type { DiagnosticTarget } from '@holdfast/reconcile'
import { HttpError } from '../http/problem.ts'
import type { ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import { AGENTS_LOOKED_AT } from './limits.ts'

export type Asked = { readonly agent?: string | undefined; readonly at?: string | undefined }

export type Found = {
  readonly target: DiagnosticTarget
  readonly channels: readonly string[]
  readonly pickedBecause?: string
}

/** Whom and when a diagnostic is about. Throws 404 where the log has heard of no such agent, or of none at all. */
export async function findTarget(views: Pick<ViewsClient, 'ask'>, asked: Asked, now: string): Promise<Found> {
  const { agent, because } = asked.agent === undefined ? await busiest(views) : await named(views, asked.agent)
  const [bom, baseline] = await Promise.all([
    askView(views, 'getBom', { agent: agent.id, query: {} }),
    asked.at === undefined ? askView(views, 'getBaseline', { agent: agent.id, query: {}, now }) : undefined,
  ])
  const hosted = bom && hostOf(bom)
  return {
    target: {
      agent: agent.id,
      name: agent.name,
      at: asked.at === undefined ? (baseline?.asOf ?? now) : new Date(asked.at).toISOString(),
      isChosen: asked.at !== undefined,
      ...(hosted === undefined ? {} : { hostedBy: hosted }),
    },
    channels: agent.channels,
    ...(because === undefined ? {} : { pickedBecause: because }),
  }
}

type Picked = { readonly agent: Pick<Agent, 'id' | 'name' | 'channels'>; readonly because?: string }

async function named(views: Pick<ViewsClient, 'ask'>, id: string): Promise<Picked> {
  const agent = await askView(views, 'getAgent', { agent: id })
  if (agent !== undefined) return { agent }
  // One that only documents speak of was never heard, and yet it is in the inventory.
  const bom = await askView(views, 'getBom', { agent: id, query: {} })
  if (bom === undefined) throw new HttpError(404, `no agent "${id.slice(0, 200)}"`)
  return { agent: { id, name: bom.name, channels: ['declared'] } }
}

async function busiest(views: Pick<ViewsClient, 'ask'>): Promise<Picked> {
  const list = await askView(views, 'listAgents', { query: { limit: AGENTS_LOOKED_AT } })
  const [agent] = (list?.items ?? []).toSorted((a, b) => b.events - a.events || (a.id < b.id ? -1 : 1))
  if (agent === undefined) throw new HttpError(404, 'no agent has been heard yet')
  return { agent, because: `nobody named one; of the ${list?.items.length ?? 0} heard last it has the most records` }
}

type Platform = { readonly kind: ManagedPlatformKind; readonly platform: string }

/** By the host part of the ids that a provider's own answers give. */
const PLATFORMS: readonly (readonly [prefix: string, platform: Platform])[] = [
  ['bedrock-agentcore', { kind: 'bedrock', platform: 'Amazon Bedrock AgentCore' }],
  ['bedrock', { kind: 'bedrock', platform: 'Amazon Bedrock' }],
  ['vertex', { kind: 'vertex', platform: 'Vertex AI Agent Engine' }],
  ['azure-ai-foundry', { kind: 'foundry', platform: 'Azure AI Foundry' }],
]

/** A document that the provider's own API gave says that the provider runs it. */
export function hostOf({ agent, documents, categories }: BomWire): DiagnosticTarget['hostedBy'] {
  const document = documents.find(({ format }) => format === 'provider-export')
  if (document === undefined) return undefined
  const host = agent.slice(agent.indexOf(':') + 1)
  const [, platform = { platform: 'its provider' }] = PLATFORMS.find(([prefix]) => host.startsWith(prefix)) ?? []
  const calls = categories.flatMap(({ rows }) => rows.flatMap(({ details }) => details['api'] ?? []))
  return { ...platform, api: calls[0] ?? document.document, entry: document.entry }
}
