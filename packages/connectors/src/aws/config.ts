import { z } from 'zod'

import { secretSchema } from '../channels-config.ts'

const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/, 'the ARN of a role')
const policyArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,200}$/, 'the ARN of a policy')

const accountSchema = z.strictObject({
  id: z.string().regex(/^\d{12}$/, 'twelve digits, in quotation marks'),
  /** Assumed for what is done in this account; without it the credentials themselves must be of the account. */
  role: roleArn.optional(),
  /** Policy that bounds a role which is to be narrowed; without one no role is. */
  boundary: policyArn.optional(),
})

/** Accounts that are held with one set of credentials, as `connectors.yaml` configures them. */
export const awsConfigSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes'),
    accounts: z.array(accountSchema).min(1).max(50),
    /** Where the accounts run anything: a probe asks for each of them. */
    regions: z
      .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/))
      .min(1)
      .max(40),
    'access-key': z.strictObject({ id: secretSchema, secret: secretSchema }).optional(),
    profile: z.string().min(1).max(200).optional(),
    /** What the machine or pod is given: environment, web identity, container or instance role. */
    ambient: z.literal(true).optional(),
    /** Another address than that of AWS: an endpoint of a private network. */
    endpoint: z.url({ protocol: /^https?$/ }).optional(),
  })
  .refine(
    (one) => [one['access-key'], one.profile, one.ambient].filter((way) => way !== undefined).length === 1,
    'exactly one of access-key, profile and ambient',
  )
  .refine(({ accounts }) => new Set(accounts.map(({ id }) => id)).size === accounts.length, 'an account stands twice')

export type AwsConfig = z.output<typeof awsConfigSchema>
export type AwsAccountConfig = AwsConfig['accounts'][number]
