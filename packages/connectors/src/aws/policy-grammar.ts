import { z } from 'zod'

const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)])
const action = z.string().regex(/^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/, 'service:Action, or *')
const resource = z.string().regex(/^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/s, 'an ARN, or *')

const statementSchema = z
  .strictObject({
    Sid: z
      .string()
      .regex(/^[A-Za-z0-9]*$/)
      .optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: oneOrMore(action).optional(),
    NotAction: oneOrMore(action).optional(),
    Resource: oneOrMore(resource).optional(),
    NotResource: oneOrMore(resource).optional(),
    Condition: z.record(z.string().regex(/^[A-Za-z:]+$/), z.record(z.string(), oneOrMore(z.string()))).optional(),
  })
  .refine((one) => (one.Action === undefined) !== (one.NotAction === undefined), 'exactly one of Action and NotAction')
  .refine(
    (one) => (one.Resource === undefined) !== (one.NotResource === undefined),
    'exactly one of Resource and NotResource',
  )

/** An identity policy, as the grammar of the IAM JSON policy language has it. What we would send is checked against it. */
export const policySchema = z
  .strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(statementSchema).min(1) })
  .refine(({ Statement }) => {
    const sids = Statement.flatMap(({ Sid }) => Sid ?? [])
    return new Set(sids).size === sids.length
  }, 'two statements have one Sid')

export type Policy = z.input<typeof policySchema>

/** As IAM counts characters. */
export function policyCharacters(text: string): number {
  return text.replaceAll(/\s/g, '').length
}
