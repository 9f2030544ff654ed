import { ACCOUNT_ROLES, APPROVER_MARKS } from '@holdfast/model'
import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

const none = z.object({})
const roleSchema = z.enum(ACCOUNT_ROLES)
const marksSchema = z.array(z.enum(APPROVER_MARKS)).max(APPROVER_MARKS.length)
const daysSchema = z.int().min(1).max(366).default(90).meta({ description: 'how long its token is good' })

/** Lower case only, so that no two names look alike; an owner of the roster is told by the same name. */
const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, 'a name is of a-z, 0-9 and . _ @ + -, and has at most 64 characters')

const decisionSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add'), role: roleSchema, marks: marksSchema.default([]), days: daysSchema }),
  z.object({ do: z.literal('renew'), days: daysSchema }),
  z.object({ do: z.literal('role'), role: roleSchema }),
  z.object({ do: z.literal('mark'), marks: marksSchema.meta({ description: 'all that it has from now on' }) }),
  z.object({ do: z.literal('revoke') }),
  z
    .object({ do: z.literal('readmit') })
    .meta({ description: 'what was revoked may sign in with the identity provider again' }),
])

const accountSchema = z
  .object({
    name: z.string(),
    role: roleSchema,
    marks: marksSchema,
    state: z.enum(['active', 'expired', 'revoked']),
    approves: z.array(z.string()).meta({ description: 'as whom it may say yes to a plan, whoever the agent' }),
    expiresAt: rfc3339Schema,
    addedAt: rfc3339Schema,
    addedBy: z.string(),
    lastUsedAt: rfc3339Schema.optional().meta({ description: 'to the day; absent: never' }),
    identity: z
      .object({ issuer: z.string(), subject: z.string() })
      .optional()
      .meta({ description: 'whom the identity provider vouches for; absent where it has a token' }),
    drift: z.array(z.string()).meta({ description: 'what somebody should look at: in words' }),
    decided: z
      .object({ at: rfc3339Schema, by: z.string(), reason: z.string(), entry: z.int() })
      .meta({ description: 'its last change' }),
  })
  .meta({ id: 'Account' })

export type AccountWire = z.output<typeof accountSchema>

/** Who may sign in, and what as. */
export const accountRoutes = {
  getSignIn: {
    method: 'GET',
    path: '/api/v1/sign-in',
    access: 'public',
    summary: 'The identity provider that one may sign in with, where there is one',
    params: none,
    query: none,
    response: z.object({
      provider: z
        .object({
          host: z.string(),
          issuer: z.string(),
          url: z.string().meta({ description: 'begins a sign-in, for a browser' }),
          scopes: z.array(z.string()).meta({ description: 'what is asked of it' }),
          resources: z
            .array(z.string())
            .meta({ description: 'MCP servers whose access tokens of this issuer can be exchanged here' }),
        })
        .optional(),
    }),
  },
  exchangeToken: {
    method: 'POST',
    path: '/api/v1/token-exchange',
    access: 'public',
    summary:
      'A token of this API for an access token that the identity provider made for one of `resources`; recorded first',
    params: none,
    query: none,
    body: z.object({ token: z.string().min(1).max(16_384), resource: z.string().min(1).max(2_000) }),
    response: z.object({ token: z.string(), expiresInMs: z.int(), name: z.string(), role: roleSchema }),
  },
  listAccounts: {
    method: 'GET',
    path: '/api/v1/accounts',
    access: 'analyst',
    summary: 'Accounts with role, marks, expiry, last use and drift; the token of the data folder is none of them',
    params: none,
    query: none,
    response: z.object({ items: z.array(accountSchema) }),
  },
  decideAccount: {
    method: 'POST',
    path: '/api/v1/accounts/{account}',
    access: 'admin',
    summary: 'Adds, renews, changes or revokes an account; recorded first',
    params: z.object({ account: nameSchema }),
    query: none,
    body: z.object({ decision: decisionSchema, reason: z.string().trim().min(1).max(1_000) }),
    response: z.object({
      account: accountSchema,
      entry: z.int(),
      token: z.string().optional().meta({ description: 'shown this once, where it was added or renewed' }),
    }),
  },
  makeSignInLink: {
    method: 'POST',
    path: '/api/v1/accounts/{account}/sign-in-link',
    access: 'viewer',
    summary: 'A link that signs a browser in once: for oneself, or by an admin for another account; recorded first',
    params: z.object({ account: nameSchema }),
    query: none,
    body: none,
    response: z.object({ url: z.string(), expiresInMs: z.int() }),
  },
} as const
