import type { NoticeKind } from '@holdfast/respond'
import { z } from 'zod'
import { SEVERITIES } from './channel-filter.ts'
import { parseRange } from './http/addresses.ts'
import { CHANNELS, RANGES_OF_CHANNEL, SLACK_USERS } from './limits-of-channels.ts'

/** Every kind that can be told but the test, which goes to the channel that is tested. */
const KINDS = [
  'incident-opened',
  'incident-revised',
  'incident-classified',
  'incident-acknowledged',
  'incident-escalated',
  'approval-asked',
  'approval-answered',
  'plan-applied',
  'plan-failed',
  'hold-changed',
  'hold-ended',
  'duty-started',
  'task-assigned',
  'case-closed',
  'policy-lapsed',
  'policy-changed',
  'drift-signal',
] as const satisfies readonly NoticeKind[]

/** A kind that is told, and that no channel could be set up for, does not compile. */
const _unlisted: Readonly<Record<Exclude<NoticeKind, (typeof KINDS)[number] | 'test'>, never>> = {}

const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes')

/** Where a secret stands: never in the file itself. */
export const secretSchema = z
  .strictObject({ env: z.string().min(1).max(200).optional(), file: z.string().min(1).max(1_000).optional() })
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), 'exactly one of env and file')

const urlSchema = z.url({ protocol: /^https?$/ }).max(2_000)
/** An address without a slash at its end, to which paths are added. */
const originSchema = urlSchema.transform((text) => text.replace(/\/+$/, ''))
const headerText = z.string().regex(/^[\x20-\x7e]{1,400}$/)

const common = {
  name: nameSchema,
  kinds: z.array(z.enum(KINDS)).min(1).optional(),
  severity: z.enum(SEVERITIES).optional(),
  for: z.array(z.string().min(1).max(60)).max(50).default([]),
  allow: z
    .array(z.string().refine((text) => parseRange(text) !== undefined, 'an address, or a range such as 10.1.0.0/16'))
    .max(RANGES_OF_CHANNEL)
    .default([]),
  ca: z.string().min(1).max(1_000).optional(),
}

const channelSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('webhook'),
    url: urlSchema,
    secret: z.union([secretSchema, z.array(secretSchema).min(1).max(3)]),
  }),
  z.strictObject({
    ...common,
    type: z.literal('slack'),
    api: originSchema.default('https://slack.com/api'),
    token: secretSchema,
    channel: z.string().regex(/^[A-Z0-9]{3,30}$/, 'the id of a channel, as C0123456789'),
    'signing-secret': secretSchema.optional(),
    users: z
      .record(z.string().regex(/^[UW][A-Z0-9]{2,30}$/, 'the id of a Slack user'), z.string().min(1).max(100))
      .refine((users) => Object.keys(users).length <= SLACK_USERS, `at most ${SLACK_USERS} users`)
      .default({}),
  }),
  z.strictObject({
    ...common,
    type: z.literal('pagerduty'),
    api: originSchema.default('https://events.pagerduty.com'),
    'routing-key': secretSchema,
  }),
  z.strictObject({
    ...common,
    type: z.literal('jira'),
    site: originSchema,
    email: z.string().min(3).max(200),
    token: secretSchema,
    project: z.string().regex(/^[A-Z][A-Z0-9_]{1,60}$/, 'the key of a project, as SEC'),
    'issue-type': z.string().min(1).max(100).default('Task'),
    done: z.string().min(1).max(100).optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('ocsf'),
    url: urlSchema,
    format: z.enum(['json', 'lines']).default('json'),
    token: secretSchema.optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('splunk'),
    url: urlSchema,
    token: secretSchema,
    'request-channel': z.guid().optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('syslog'),
    host: headerText,
    port: z.int().min(1).max(65_535),
    transport: z.enum(['tls', 'tcp', 'udp']).default('tls'),
  }),
])

/** The `channels` of `connectors.yaml`. */
export const channelsConfigSchema = z
  .array(channelSchema)
  .max(CHANNELS)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two channels have one name')

export type ChannelConfig = z.output<typeof channelSchema>
export type SecretPlace = z.output<typeof secretSchema>
