import { ACCOUNT_ROLES, APPROVER_MARKS } from '@holdfast/model'
import { z } from 'zod'
import { secretSchema } from '../channels-config.ts'
import { parseRange } from '../http/addresses.ts'
import { CLAIM_CHARACTERS, MAPPED_VALUES, VALUE_CHARACTERS } from './limits.ts'

const claimName = z.string().min(1).max(CLAIM_CHARACTERS)
/** One claim, or the way to it through claims that hold others, as Keycloak's `[realm_access, roles]`. */
const claimPath = z.union([claimName.transform((name) => [name]), z.array(claimName).min(1).max(8)])

const mappedSchema = z
  .strictObject({
    value: z.string().min(1).max(VALUE_CHARACTERS),
    role: z.enum(ACCOUNT_ROLES).optional(),
    as: z.array(z.enum(APPROVER_MARKS)).max(APPROVER_MARKS.length).default([]),
  })
  .refine(({ role, as }) => role !== undefined || as.length > 0, 'a role, or as whom it may approve, or both')

/** The identity provider that people may sign in with, as `connectors.yaml` configures it. Who is not mapped is not let in. */
export const signInConfigSchema = z.strictObject({
  /** As the provider states it of itself; http for this machine alone, which is looked at when it is connected to. */
  issuer: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine(isIssuer, 'an issuer has no query, no fragment and no credentials'),
  'client-id': z.string().regex(/^[\x20-\x7e]{1,400}$/),
  'client-secret': secretSchema,
  /** How the provider wants the secret: in a header, or in the form. */
  'client-authentication': z.enum(['basic', 'post']).default('basic'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/))
    .max(20)
    .refine((scopes) => scopes.includes('openid'), 'openid is one of them')
    .default(['openid', 'profile', 'email']),
  /** The claim by which a person is known here; `email` counts where the provider says that it was verified. */
  'name-claim': claimName.default('email'),
  'roles-claim': claimPath.default(['groups']),
  roles: z
    .array(mappedSchema)
    .min(1)
    .max(MAPPED_VALUES)
    .refine((all) => new Set(all.map(({ value }) => value)).size === all.length, 'two of them have one value'),
  /** Addresses of MCP servers that the provider makes tokens for; a token for any other audience is nobody's. */
  resources: z
    .array(z.url({ protocol: /^https?$/ }).max(2_000))
    .max(20)
    .default([]),
  /** After so long one signs in again: what has changed at the provider meanwhile counts from then on. */
  'session-hours': z.number().min(0.25).max(24).default(12),
  /** Addresses beyond the internet at large at which the provider may be. */
  allow: z
    .array(z.string().refine((text) => parseRange(text) !== undefined, 'an address, or a range such as 10.1.0.0/16'))
    .max(20)
    .default([]),
  ca: z.string().min(1).max(1_000).optional(),
})

export type SignInConfig = z.output<typeof signInConfigSchema>

function isIssuer(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && [url.search, url.hash, url.username, url.password].every((part) => part === '')
}
