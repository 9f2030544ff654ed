import { z } from 'zod'
import { secretSchema } from '../channels-config.ts'

const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes'),
}
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region')
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''))

/** Bedrock Agents and AgentCore of one account in one region. */
const bedrockSchema = z
  .strictObject({
    ...common,
    platform: z.literal('bedrock'),
    account: z.string().regex(/^\d{12}$/, 'twelve digits, in quotation marks'),
    region,
    'access-key': z.strictObject({ id: secretSchema, secret: secretSchema }).optional(),
    profile: z.string().min(1).max(200).optional(),
    /** What the machine or pod is given: environment, web identity, container or instance role. */
    ambient: z.literal(true).optional(),
    /** Log groups of CloudWatch with spans of agents; none are read where none are named. */
    'span-log-groups': z.array(z.string().min(1).max(512)).max(20).default([]),
    /** Agents may be held by their aliases; without it nothing here is changed. */
    'hold-aliases': z.literal(true).optional(),
    /** Another address than that of AWS: an endpoint of a private network. */
    endpoint: url.optional(),
  })
  .refine(
    (one) => [one['access-key'], one.profile, one.ambient].filter((way) => way !== undefined).length === 1,
    'exactly one of access-key, profile and ambient',
  )

/** Vertex AI Agent Engine of one project in one location. */
const vertexSchema = z
  .strictObject({
    ...common,
    platform: z.literal('vertex'),
    project: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'a project'),
    location: z.string().regex(/^[a-z]+-[a-z]+\d+$/, 'a location'),
    /** JSON key of a service account. */
    key: secretSchema.optional(),
    /** An access token that something else renews. */
    token: secretSchema.optional(),
    ambient: z.literal(true).optional(),
    endpoint: url.optional(),
    'logging-endpoint': url.optional(),
  })
  .refine(
    (one) => [one.key, one.token, one.ambient].filter((way) => way !== undefined).length === 1,
    'exactly one of key, token and ambient',
  )

/** Azure AI Foundry: one project. */
const foundrySchema = z
  .strictObject({
    ...common,
    platform: z.literal('foundry'),
    /** `https://<resource>.services.ai.azure.com/api/projects/<project>`. */
    project: url,
    /** Whose activity log is read; without it none is. */
    subscription: z.guid().optional(),
    tenant: z.guid().optional(),
    client: z.guid().optional(),
    secret: secretSchema.optional(),
    token: secretSchema.optional(),
    authority: url.default('https://login.microsoftonline.com'),
    'management-endpoint': url.default('https://management.azure.com'),
  })
  .refine(
    ({ token, tenant, client, secret }) =>
      token === undefined
        ? tenant !== undefined && client !== undefined && secret !== undefined
        : tenant === undefined && client === undefined && secret === undefined,
    'either token, or tenant, client and secret',
  )

/** A platform that runs agents, as `connectors.yaml` configures it: it is read, and changed where it says so alone. */
export const managedConfigSchema = z.union([bedrockSchema, vertexSchema, foundrySchema])

export type ManagedConfig = z.output<typeof managedConfigSchema>
export type BedrockConfig = z.output<typeof bedrockSchema>
export type VertexConfig = z.output<typeof vertexSchema>
export type FoundryConfig = z.output<typeof foundrySchema>
